import { Either, type ParseResult, Schema } from "effect"
import { storableText } from "./CheckError.ts"
import { CheckSpec, maxTimeoutMs } from "./CheckSpec.ts"
import { MonitorId } from "./Ids.ts"

/**
 * The version of the job's form that is written. Version 1 is read as well, since every job of it is one of version 2 whose
 * check is told nothing: what an older api or producer publishes during an upgrade is checked. A worker that meets any other
 * version sets the entry aside; it never guesses. So workers are upgraded first.
 */
export const jobVersion = 2

/** The last instant that a `Date` can hold, in milliseconds since the epoch; PostgreSQL's timestamps reach further. */
const maxInstant = 8.64e15

/** Milliseconds since the epoch that every part of the system can hold: JSON has numbers, such as 1e999, that are none. */
const Instant = Schema.Number.pipe(Schema.between(0, maxInstant))

/**
 * A monitor at a slot: one entry of the stream, read by every region. It carries all that a worker needs, so that no
 * worker reads a monitor from the database. `slot` and `deadline` are milliseconds since the epoch. A job's identity is
 * (monitor, slot), never the entry's id: an entry may be published twice.
 */
export const Job = Schema.Struct({
  v: Schema.Literal(1, jobVersion),
  monitorId: MonitorId,
  slot: Instant,
  deadline: Instant,
  configVersion: Schema.Int,
  spec: CheckSpec,
})
export type Job = typeof Job.Type

/** Least and most time after its slot in which a job may still start, in milliseconds. */
export const minJobLifeMs = 120_000
export const maxJobLifeMs = 300_000

/**
 * The instant after which a job is not run any more but counted as expired: one interval after its slot, at least two
 * minutes (so that a job reclaimed from a dead worker, or held up by a database that was away for a minute, still
 * runs), at most five.
 */
export const jobDeadline = (slot: number, intervalSeconds: number): number =>
  slot + Math.min(Math.max(intervalSeconds * 1000, minJobLifeMs), maxJobLifeMs)

/** The longest text, in UTF-16 code units, that is looked at as a job. */
export const maxJobLength = 65_536

/** The longest that a check's specification may be, as JSON in UTF-16 code units: with it a job is no longer than it may be. */
export const maxSpecLength = maxJobLength - 1_024

/** A job as the stream holds it: one JSON text. */
export const encodeJob = (job: Job): string => JSON.stringify(job)

/** Why an entry of the stream is not a job that this worker can run. */
export class JobDecodeError extends Schema.TaggedError<JobDecodeError>()("JobDecodeError", {
  reason: Schema.Literal("malformed", "version"),
  message: Schema.String,
}) {}

const decodeStruct = Schema.decodeUnknownEither(Job)
const parseJson = Schema.decodeUnknownEither(Schema.parseJson())
const isVersioned = Schema.is(Schema.Struct({ v: Schema.Number }))
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Whether parsed JSON has exactly the form of a job: what it accepts the schema accepts as it is. Every worker reads
 * every job, and this costs a fifth of what the schema does; whatever is in any way unusual is left to the schema.
 */
const isExactJob = (json: unknown): json is Job => {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return false
  if (!("v" in json && "monitorId" in json && "slot" in json && "deadline" in json && "configVersion" in json))
    return false
  if (!("spec" in json) || Object.keys(json).length !== 6) return false
  const { configVersion, deadline, monitorId, slot, spec, v } = json
  if ((v !== jobVersion && v !== 1) || typeof monitorId !== "string" || !uuid.test(monitorId)) return false
  if (!isInstant(slot) || !isInstant(deadline) || !Number.isSafeInteger(configVersion)) return false
  if (typeof spec !== "object" || spec === null || Array.isArray(spec) || Object.keys(spec).length !== 3) return false
  return (
    "kind" in spec &&
    spec.kind === "http" &&
    "url" in spec &&
    typeof spec.url === "string" &&
    "timeoutMs" in spec &&
    typeof spec.timeoutMs === "number" &&
    spec.timeoutMs >= 1 &&
    spec.timeoutMs <= maxTimeoutMs
  )
}

const isInstant = (value: unknown): boolean => typeof value === "number" && value >= 0 && value <= maxInstant

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads a job back. A form of another version is told apart from text that is no job at all. */
export const decodeJob = (text: string): Either.Either<Job, JobDecodeError> => {
  if (text.length > maxJobLength) {
    return Either.left(new JobDecodeError({ reason: "malformed", message: "too long for a job" }))
  }
  const json = parse(text)
  return isExactJob(json) ? Either.right(json) : decodeUnusual(text)
}

/** Reads a job by its schema alone, and says what is wrong. */
const decodeUnusual = (text: string): Either.Either<Job, JobDecodeError> => {
  const json = parseJson(text)
  if (Either.isLeft(json)) return Either.left(new JobDecodeError({ reason: "malformed", message: "not JSON" }))
  if (isVersioned(json.right) && json.right.v !== jobVersion && json.right.v !== 1) {
    return Either.left(
      new JobDecodeError({ reason: "version", message: `job version ${json.right.v} is not known here` }),
    )
  }
  return Either.mapLeft(
    decodeStruct(json.right),
    (error) => new JobDecodeError({ reason: "malformed", message: describe(error) }),
  )
}

/** What is wrong, in storable text. Describing shows the value found, which fails when that is nested without end. */
const describe = (error: ParseResult.ParseError): string => {
  try {
    return storableText(error.message)
  } catch {
    return "not a job, and nested too deeply to be shown"
  }
}
