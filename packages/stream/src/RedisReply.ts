import { Effect, Schema } from "effect"
import { type EntryId, StreamError } from "./CheckStream.ts"

/** An entry as the server gives it: its fields by turns a name and a value, both texts. */
export interface RawEntry {
  readonly id: EntryId
  readonly fields: ReadonlyArray<unknown>
  readonly deliveries: number
}

const isList = (value: unknown): value is ReadonlyArray<unknown> => Array.isArray(value)

const toEntry = (value: unknown, deliveries: number): RawEntry | null => {
  if (!isList(value)) return null
  const [id, fields] = value
  return typeof id === "string" && isList(fields) ? { id, fields, deliveries } : null
}

/**
 * The entries in the answer of an XREADGROUP of one stream for new entries; none for the null of one that waited in
 * vain. By hand, since every job passes here.
 */
export const newEntries = (reply: unknown): Effect.Effect<ReadonlyArray<RawEntry>, StreamError> => {
  if (reply === null) return Effect.succeed([])
  const stream = isList(reply) ? reply[0] : null
  const list = isList(stream) ? stream[1] : null
  if (!isList(list)) return unexpected("read", reply)
  const entries: Array<RawEntry> = []
  for (const value of list) {
    const entry = toEntry(value, 1)
    if (entry === null) return unexpected("read", value)
    entries.push(entry)
  }
  return Effect.succeed(entries)
}

/** The text of a job that an entry holds, or null: a job is the only field of its entry. */
export const jobText = ({ fields }: RawEntry): string | null => {
  const text = fields[1]
  return fields.length === 2 && fields[0] === "job" && typeof text === "string" ? text : null
}

const decoder =
  <A, I>(schema: Schema.Schema<A, I>) =>
  (operation: string) => {
    const decode = Schema.decodeUnknown(schema)
    return (reply: unknown): Effect.Effect<A, StreamError> =>
      Effect.mapError(decode(reply), (cause) => new StreamError({ reason: "bug", operation, cause }))
  }

const PendingRows = Schema.Array(Schema.Tuple(Schema.String, Schema.String, Schema.Number, Schema.Number))

/** The rows of an extended XPENDING: id, consumer, idle time in milliseconds, deliveries. */
export const pendingRows = decoder(PendingRows)

const Claimed = Schema.Tuple(
  Schema.Number,
  Schema.Array(Schema.Tuple(Schema.String, Schema.Array(Schema.String), Schema.Number)),
)

/** The answer of the script that claims: how many entries were trimmed away, and those that were claimed. */
export const claimed = (operation: string) => {
  const decode = decoder(Claimed)(operation)
  return (reply: unknown) =>
    Effect.map(decode(reply), ([trimmed, list]) => ({
      trimmed,
      entries: list.map(([id, fields, deliveries]): RawEntry => ({ id, fields, deliveries })),
    }))
}

/** A list of ids. */
export const ids = decoder(Schema.Array(Schema.String))

/** Two numbers. */
export const pair = decoder(Schema.Tuple(Schema.Number, Schema.Number))

/** One row of five numbers per group. */
export const groupRows = decoder(
  Schema.Array(Schema.Tuple(Schema.Number, Schema.Number, Schema.Number, Schema.Number, Schema.Number)),
)

const unexpected = (operation: string, reply: unknown) =>
  new StreamError({
    reason: "bug",
    operation,
    cause: new Error(`unexpected reply: ${JSON.stringify(reply)?.slice(0, 200)}`),
  })
