import { storableText } from "@uptime/domain/CheckError"

/**
 * What a job says: that it starts, that it ended well or not, or only something for the log. A job that ends with an exit
 * code ended well with 0.
 */
export type HeartbeatEvent = "start" | "success" | "fail" | "log"

/** A heartbeat as it was sent. */
export interface Ping {
  readonly event: HeartbeatEvent
  /** The code a job ended with, 0 to 255; null where it gave none. */
  readonly exitCode: number | null
  /** How long the job says that it took, in milliseconds; null where it does not say. */
  readonly runMs: number | null
  /** What it has to say: at most the last 10 kB, as storable text; null for nothing. */
  readonly body: string | null
}

/** The most of a body that is kept: its end, in bytes. */
export const maxBodyBytes = 10_240

/** The longest run that is believed: 30 days, in milliseconds. */
export const maxRunMs = 30 * 86_400_000

/** The end of a body, read as UTF-8, without what cannot be stored; null where nothing is left. */
export const keptBody = (body: Uint8Array): string | null => {
  let from = Math.max(0, body.length - maxBodyBytes)
  // Not from within a character: at most three more bytes belong to one.
  for (let i = 0; i < 3 && from > 0 && isContinuation(body[from]); i++) from++
  const text = storableText(new TextDecoder().decode(body.subarray(from)), maxBodyBytes)
  return text === "" ? null : text
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000

/**
 * A ping of Uptime Kuma's push monitors: `/api/push/<token>?status=up&msg=OK&ping=`. `up` is up, and so is no status or an
 * empty one; anything else is down. `ping` is how long it took in milliseconds, where it is a number.
 *
 * @param query the parameters, each once; others are of no interest
 */
export const readKumaPush = (query: Readonly<Record<string, string | undefined>>): Ping => ({
  event: (query["status"] || "up") === "up" ? "success" : "fail",
  exitCode: null,
  runMs: runTime(query["ping"]),
  body: query["msg"] === undefined ? null : keptBody(new TextEncoder().encode(query["msg"])),
})

const runTime = (text: string | undefined): number | null => {
  if (text === undefined || !/^\d{1,12}(\.\d{1,12})?$/.test(text)) return null
  const runMs = Number(text)
  return runMs <= maxRunMs ? runMs : null
}

/**
 * A ping of Healthchecks: `/ping/<uuid>`, and after that `/start`, `/fail`, `/log` or the exit code of the job. Null for
 * any other address.
 *
 * @param segments those of the path after the id
 * @param body what was sent with it
 */
export const readHealthchecksPing = (segments: ReadonlyArray<string>, body: Uint8Array): Ping | null => {
  const [segment, more] = segments
  if (more !== undefined) return null
  const ping = { exitCode: null, runMs: null, body: keptBody(body) }
  if (segment === undefined) return { ...ping, event: "success" }
  if (segment === "start" || segment === "fail" || segment === "log") return { ...ping, event: segment }
  const exitCode = /^\d{1,3}$/.test(segment) ? Number(segment) : Number.NaN
  if (!(exitCode <= 255)) return null
  return { ...ping, exitCode, event: exitCode === 0 ? "success" : "fail" }
}
