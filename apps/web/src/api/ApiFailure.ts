/** A place of a request that is wrong: the path of names and indexes, outermost first, and what is wrong there. */
export interface Issue {
  readonly path: ReadonlyArray<string | number>
  readonly message: string
}

/** A call that did not succeed: what the api answered, or that it could not be reached (`tag` is then `Unreachable`). */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure"
  /** The `_tag` of the answer. */
  readonly tag: string
  /** The status of the answer; 0 without one. */
  readonly status: number
  /** What is wrong with the request, where that is known. */
  readonly issues: ReadonlyArray<Issue>

  constructor(tag: string, status: number, message: string, issues: ReadonlyArray<Issue> = []) {
    super(message)
    this.tag = tag
    this.status = status
    this.issues = issues
  }

  /** Nothing answered. */
  static unreachable(): ApiFailure {
    return new ApiFailure("Unreachable", 0, "The server cannot be reached. Check the connection and try again.")
  }

  /**
   * From an answer that is no success.
   *
   * @param status its status
   * @param body its JSON, or anything else
   */
  static of(status: number, body: unknown): ApiFailure {
    if (!isRecord(body) || typeof body["_tag"] !== "string" || typeof body["message"] !== "string") {
      return new ApiFailure("Unexpected", status, `The server answered with status ${status}. Try again in a moment.`)
    }
    return new ApiFailure(body["_tag"], status, body["message"], issuesOf(body))
  }
}

/** What a failure of any kind tells the person. */
export const failureText = (error: unknown): string =>
  error instanceof Error ? error.message : "Something went wrong. Try again."

/** What is wrong with the field of a path such as `url` or `http.method`; undefined when nothing is. */
export const issueAt = (error: unknown, path: string): string | undefined =>
  error instanceof ApiFailure ? error.issues.find((issue) => issue.path.join(".") === path)?.message : undefined

/** What is wrong with a field or with anything in it, the first of it; undefined when nothing is. */
export const issueWithin = (error: unknown, field: string): Issue | undefined =>
  error instanceof ApiFailure ? error.issues.find(({ path }) => path[0] === field) : undefined

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** An answer lists what is wrong, or names one field (`AddressTaken`). */
const issuesOf = ({ field, issues, message }: Readonly<Record<string, unknown>>): ReadonlyArray<Issue> => {
  if (typeof field === "string" && typeof message === "string") return [{ path: [field], message }]
  return Array.isArray(issues)
    ? issues.flatMap((issue: unknown) =>
        isRecord(issue) && Array.isArray(issue["path"]) && typeof issue["message"] === "string"
          ? [{ path: issue["path"].filter((part) => typeof part !== "object"), message: issue["message"] }]
          : [],
      )
    : []
}
