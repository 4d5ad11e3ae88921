import { HttpApiSchema } from "@effect/platform"
import type { HttpApiDecodeError } from "@effect/platform/HttpApiError"
import { Schema } from "effect"

/**
 * Every error that the API answers with. All have one shape, `{ "_tag", "message", … }`, and each class has one status: a
 * program looks at `_tag`, a person reads `message`. None of them quotes what was sent, and none tells of our insides.
 */

const status = <A>(code: number, description: string): Schema.Annotations.Schema<A> =>
  HttpApiSchema.annotations<A>({ status: code, description })

/** Where in a request something is wrong: the path of names and indexes, outermost first, and what is wrong there. */
export const ValidationIssue = Schema.Struct({
  path: Schema.Array(Schema.Union(Schema.String, Schema.Int)),
  message: Schema.String,
}).annotations({ identifier: "ValidationIssue" })
export type ValidationIssue = typeof ValidationIssue.Type

/** The most issues that one answer lists. */
export const maxIssues = 100

/** The request is not what the call takes: every place that is wrong is listed, at most 100. */
export class ValidationFailed extends Schema.TaggedError<ValidationFailed>()(
  "ValidationFailed",
  { message: Schema.String, issues: Schema.Array(ValidationIssue) },
  status(400, "The request is not what this call takes."),
) {
  /** From what is wrong; `message` sums it up in one sentence. */
  static of(issues: ReadonlyArray<ValidationIssue>): ValidationFailed {
    const first = issues[0]
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ""
    return new ValidationFailed({
      message: first === undefined ? "The request is not valid." : `${sentence(first)}${more}`,
      issues: issues.slice(0, maxIssues),
    })
  }

  /** From a request that its schema refused, in words for the person who sent it and without the values sent. */
  static fromDecodeError(error: HttpApiDecodeError): ValidationFailed {
    const issues = new Map<string, ValidationIssue>()
    for (const issue of error.issues) {
      const path = issue.path.map(pathPart)
      const key = JSON.stringify(path)
      const message = readable(issue.message)
      const before = issues.get(key)
      issues.set(key, { path, message: before === undefined ? message : either(before.message, message) })
    }
    return ValidationFailed.of([...issues.values()])
  }
}

/** Nobody is logged in: no token, or one that is forged, expired or ended; or a log-in failed, without a hint why. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()(
  "Unauthorized",
  { message: Schema.String },
  status(401, "Nobody is logged in, or the token is not valid any more."),
) {
  static create(message = "Log in first: send a valid token as a bearer token or in the cookie."): Unauthorized {
    return new Unauthorized({ message })
  }

  /** For a log-in: which of the two is wrong is not said. */
  static wrongCredentials(): Unauthorized {
    return Unauthorized.create("The email address or the password is wrong.")
  }
}

/** This installation takes no new accounts. */
export class SignupClosed extends Schema.TaggedError<SignupClosed>()(
  "SignupClosed",
  { message: Schema.String },
  status(403, "This installation takes no new accounts."),
) {
  static create(): SignupClosed {
    return new SignupClosed({ message: "This installation takes no new accounts." })
  }
}

/** A change that came with the cookie of a session, but perhaps from a foreign page (CSRF). */
export class CrossSiteRefused extends Schema.TaggedError<CrossSiteRefused>()(
  "CrossSiteRefused",
  { message: Schema.String },
  status(403, "A change that came with a cookie, but not from a page of this site."),
) {}

/** There is no such monitor among those of the person who asks; a foreign one answers exactly so. */
export class MonitorNotFound extends Schema.TaggedError<MonitorNotFound>()(
  "MonitorNotFound",
  { message: Schema.String },
  status(404, "You have no monitor with this id."),
) {
  static create(): MonitorNotFound {
    return new MonitorNotFound({ message: "You have no monitor with this id." })
  }
}

/** There is no such thing among those of the person who asks; a foreign one answers exactly so. */
export class NotFound extends Schema.TaggedError<NotFound>()(
  "NotFound",
  { message: Schema.String },
  status(404, "You have nothing with this id."),
) {
  /** @param what the thing, such as `channel` */
  static of(what: string): NotFound {
    return new NotFound({ message: `You have no ${what} with this id.` })
  }
}

/** The request names something that the person does not have, or that cannot be used so. */
export class ReferenceRefused extends Schema.TaggedError<ReferenceRefused>()(
  "ReferenceRefused",
  { message: Schema.String },
  status(422, "Something the request refers to is not there, or cannot be used so."),
) {}

/** This installation cannot keep secrets: it was started without `ENCRYPTION_KEY`. */
export class SecretsUnavailable extends Schema.TaggedError<SecretsUnavailable>()(
  "SecretsUnavailable",
  { message: Schema.String },
  status(422, "This installation has no key to seal secrets with."),
) {
  static create(): SecretsUnavailable {
    return new SecretsUnavailable({
      message: "This installation cannot keep secrets: its operator has to set ENCRYPTION_KEY first.",
    })
  }
}

/** The account has as many of these as one account may have. */
export class LimitReached extends Schema.TaggedError<LimitReached>()(
  "LimitReached",
  { message: Schema.String, limit: Schema.Int },
  status(409, "The account has as many of these as it may have."),
) {
  /** @param what the things, such as `channels` */
  static of(what: string, limit: number): LimitReached {
    return new LimitReached({ message: `An account may have ${limit} ${what}; delete some first.`, limit })
  }
}

/** Another status page, of anybody's, has this slug or domain. */
export class AddressTaken extends Schema.TaggedError<AddressTaken>()(
  "AddressTaken",
  { message: Schema.String, field: Schema.Literal("slug", "domain") },
  status(409, "Another status page has this address."),
) {
  static of(field: "slug" | "domain"): AddressTaken {
    return new AddressTaken({ message: `Another status page has this ${field} already; choose another.`, field })
  }
}

/** Another heartbeat, of anybody's, has this token or id. */
export class HeartbeatAddressTaken extends Schema.TaggedError<HeartbeatAddressTaken>()(
  "HeartbeatAddressTaken",
  { message: Schema.String, field: Schema.Literal("token", "pingId") },
  status(409, "Another heartbeat has this token or id."),
) {
  static of(field: "token" | "pingId"): HeartbeatAddressTaken {
    const what = field === "token" ? "token" : "id"
    return new HeartbeatAddressTaken({ message: `Another heartbeat has this ${what} already.`, field })
  }
}

/** The thing is in a state in which this cannot be done with it. */
export class NotPossibleNow extends Schema.TaggedError<NotPossibleNow>()(
  "NotPossibleNow",
  { message: Schema.String },
  status(409, "This cannot be done in the present state."),
) {}

/** Nothing is served at this path. */
export class RouteNotFound extends Schema.TaggedError<RouteNotFound>()(
  "RouteNotFound",
  { message: Schema.String },
  status(404, "Nothing is served at this path."),
) {
  static create(): RouteNotFound {
    return new RouteNotFound({ message: "Nothing is served at this path; /docs lists what is." })
  }
}

/** The path is known, but not with this method; the header `Allow` lists those that are. */
export class MethodNotAllowed extends Schema.TaggedError<MethodNotAllowed>()(
  "MethodNotAllowed",
  { message: Schema.String, allowed: Schema.Array(Schema.String) },
  status(405, "The path does not take this method."),
) {
  static of(allowed: ReadonlyArray<string>): MethodNotAllowed {
    return new MethodNotAllowed({ message: `This path takes ${allowed.join(", ")} only.`, allowed })
  }
}

/** Another account has this email address. */
export class EmailTaken extends Schema.TaggedError<EmailTaken>()(
  "EmailTaken",
  { message: Schema.String },
  status(409, "An account with this email address exists already."),
) {
  static create(): EmailTaken {
    return new EmailTaken({ message: "An account with this email address exists already; log in instead." })
  }
}

/** The account has as many monitors as one account may have. */
export class MonitorLimitReached extends Schema.TaggedError<MonitorLimitReached>()(
  "MonitorLimitReached",
  { message: Schema.String, limit: Schema.Int },
  status(409, "The account has as many monitors as it may have."),
) {
  static of(limit: number): MonitorLimitReached {
    return new MonitorLimitReached({ message: `An account may have ${limit} monitors; delete some first.`, limit })
  }
}

/** The body is larger than the call takes. */
export class PayloadTooLarge extends Schema.TaggedError<PayloadTooLarge>()(
  "PayloadTooLarge",
  { message: Schema.String, limitBytes: Schema.Int },
  status(413, "The body is larger than this call takes."),
) {
  static of(limitBytes: number): PayloadTooLarge {
    return new PayloadTooLarge({ message: `The body may be ${limitBytes} bytes long at most.`, limitBytes })
  }
}

/** The body is not JSON by its own account. */
export class UnsupportedMediaType extends Schema.TaggedError<UnsupportedMediaType>()(
  "UnsupportedMediaType",
  { message: Schema.String },
  status(415, "The body is not declared to be JSON."),
) {
  static create(): UnsupportedMediaType {
    return new UnsupportedMediaType({
      message: "Send the body as JSON, with the header content-type: application/json.",
    })
  }
}

/** Policy refuses this address as a target: it is private, link-local or a metadata service. */
export class TargetRefused extends Schema.TaggedError<TargetRefused>()(
  "TargetRefused",
  { message: Schema.String },
  status(422, "This address may not be checked from here."),
) {}

/** Too many tries; the header `Retry-After` says the same as `retryAfterSeconds`. */
export class TooManyRequests extends Schema.TaggedError<TooManyRequests>()(
  "TooManyRequests",
  { message: Schema.String, retryAfterSeconds: Schema.Int },
  status(429, "Too many tries; wait as long as Retry-After says."),
) {
  static after(seconds: number): TooManyRequests {
    const retryAfterSeconds = Math.max(1, Math.ceil(seconds))
    return new TooManyRequests({
      message: `Too many tries; try again in ${retryAfterSeconds} s.`,
      retryAfterSeconds,
    })
  }
}

/** A fault of ours, noted under the request's id. */
export class InternalError extends Schema.TaggedError<InternalError>()(
  "InternalError",
  { message: Schema.String, requestId: Schema.String },
  status(500, "A fault of ours, noted under the request's id."),
) {
  static of(requestId: string): InternalError {
    return new InternalError({ message: "Something went wrong on our side; it was noted under this id.", requestId })
  }
}

/** Something the call needs is away or overloaded; the header `Retry-After` says the same as `retryAfterSeconds`. */
export class ServiceUnavailable extends Schema.TaggedError<ServiceUnavailable>()(
  "ServiceUnavailable",
  { message: Schema.String, retryAfterSeconds: Schema.Int },
  status(503, "Something this call needs is away; try again as Retry-After says."),
) {
  static after(seconds: number): ServiceUnavailable {
    return new ServiceUnavailable({
      message: `The service is not available right now; try again in ${seconds} s.`,
      retryAfterSeconds: seconds,
    })
  }
}

const pathPart = (part: PropertyKey): string | number => {
  if (typeof part === "number") return part
  const name = String(part)
  return (name.length > 100 ? `${name.slice(0, 100)}…` : name).toWellFormed()
}

const sentence = ({ message, path }: ValidationIssue): string =>
  path.length === 0 ? `The request ${message}.` : `${path.join(".")}: ${message}.`

/** Two things that one place might be, as a union's members say them. */
const either = (one: string, other: string): string =>
  one.length > 300 || one === other ? one : `${one} or ${other.replace(/^must be /, "")}`

/** A schema's message without the value that was sent (it may be a password, or a megabyte) and without its type's text. */
const readable = (message: string): string => {
  if (message.startsWith("is unexpected")) return "is not a field that this call knows"
  const expected = message.replace(/, actual [\s\S]*$/, "")
  if (/^Expected (\{|readonly \{|Struct \()/.test(expected)) return "must be an object"
  if (/^Expected (readonly |ReadonlyArray<)/.test(expected)) return "must be a list"
  return expected
    .replace(/^Expected /, "must be ")
    .replaceAll(" | ", " or ")
    .slice(0, 300)
    .toWellFormed()
}
