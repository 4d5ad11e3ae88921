/** A header field: name and value. */
export type HeaderField = readonly [name: string, value: string]

/** How many bytes of the body of an answer with this status are wanted; what comes beyond is not kept. */
export type BodyWanted = (status: number) => number

/** What is known of the answer to an HTTP request, whatever version of the protocol it came by. */
export interface HttpAnswer {
  /** The status of the final response; null before its head is whole. */
  readonly status: number | null
  /** The `Location` field of the final response, bytes above 0x7f percent-encoded. */
  readonly location: string | null
  /** The fields of the final response's head, in their order; values as Latin-1. */
  readonly headers: ReadonlyArray<HeaderField>
  /** As much of the body as was wanted and came, as it came over the wire; null when none was wanted. */
  readonly body: Buffer | null
}

/** Whether an answer redirects to another URL: 301, 302, 303, 307 or 308 with a `Location`. */
export const isRedirect = ({ location, status }: HttpAnswer): boolean =>
  location !== null && status !== null && redirects.has(status)

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** The value of a field that is there, the first of several; null otherwise. */
export const headerOf = (answer: HttpAnswer, name: string): string | null =>
  answer.headers.find(([field]) => field.toLowerCase() === name)?.[1] ?? null

/** A `Location` as it came, in Latin-1, with bytes above 0x7f percent-encoded. */
export const percentEncodeHigh = (latin1: string): string =>
  latin1.replace(/[\u0080-\u00ff]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
