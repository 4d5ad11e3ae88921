import type { Reader } from "./Conversation.ts"
import { documentOf, type JsonValue, numberOf } from "./QueryRows.ts"
import { WireReader } from "./WireReader.ts"

/**
 * The messages of PostgreSQL's protocol, version 3.0 ("Frontend/Backend Protocol" in its documentation), as far as a check
 * speaks it. Written here because a check reads what anybody sends: nothing in it may loop, throw or grow by what a message
 * says of itself.
 */
export interface PostgresMessage {
  /** The letter that says what the message is. */
  readonly type: string
  readonly body: Buffer
}

/** The longest message that is read, in bytes. */
const maxMessage = 1_048_576

/** Reads one message from a server. */
export const readMessage: Reader<PostgresMessage> = (bytes) => {
  if (bytes.length > 0 && !isLetter(bytes[0])) return "malformed"
  if (bytes.length < 5) return "more"
  const length = bytes.readUInt32BE(1)
  if (length < 4 || length > maxMessage) return "malformed"
  if (bytes.length < length + 1) return "more"
  return {
    value: { type: bytes.toString("latin1", 0, 1), body: bytes.subarray(5, length + 1) },
    size: length + 1,
  }
}

/**
 * Reads the next message of some types, past all others: at once, so that a server that sends many costs little. A reader
 * for one message, because it looks at each once, however they come.
 *
 * @param types the letters of the types
 */
export const readNext = (types: string): Reader<PostgresMessage> => {
  let at = 0
  return (bytes) => {
    while (true) {
      const found = readMessage(bytes.subarray(at))
      if (typeof found !== "object") return found
      at += found.size
      if (types.includes(found.value.type)) return { value: found.value, size: at }
    }
  }
}

/** Server messages are letters, and `1`, `2` and `3` for what was parsed, bound and closed. */
const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined && /[A-Za-z123]/.test(String.fromCharCode(byte))

const message = (type: string, ...parts: ReadonlyArray<Buffer>): Buffer => {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(type.length + 4)
  head.write(type, "latin1")
  head.writeUInt32BE(body.length + 4, type.length)
  return Buffer.concat([head, body])
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`, "utf8")
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
/** No formats and no values: all is text. */
const none = Buffer.alloc(2)

/** The first message: the version, who comes, and to which database. */
export const startup = (parameters: Readonly<Record<string, string>>): Buffer =>
  message("", int32(196_608), ...Object.entries(parameters).flatMap((pair) => pair.map(text)), Buffer.alloc(1))

/** A password, in plain or hashed. */
export const password = (value: string): Buffer => message("p", text(value))

/** The first message of a login by SASL. */
export const saslInitial = (mechanism: string, data: string): Buffer =>
  message("p", text(mechanism), int32(Buffer.byteLength(data)), Buffer.from(data))

/** The next message of a login by SASL. */
export const saslResponse = (data: string): Buffer => message("p", Buffer.from(data))

/** Statements without a result that matters. */
export const simpleQuery = (statements: string): Buffer => message("Q", text(statements))

/** One statement (the protocol takes no second one here) and its first rows. */
export const firstRowsOf = (statement: string, rows: number): Buffer =>
  Buffer.concat([
    message("P", text(""), text(statement), none),
    message("B", text(""), text(""), none, none, none),
    message("D", Buffer.from("P"), text("")),
    message("E", text(""), int32(rows)),
    message("S"),
  ])

/** The goodbye. */
export const terminate: Buffer = message("X")

/** What an error says of itself: its SQLSTATE, and its text in the server's language. */
export interface PostgresError {
  readonly code: string
  readonly text: string
}

/** Reads an error; null when it is malformed. */
export const readError = ({ body }: PostgresMessage): PostgresError | null => {
  const reader = new WireReader(body)
  let code = ""
  let said = ""
  for (let field = reader.uintBE(1); field !== 0; field = reader.uintBE(1)) {
    const value = reader.cstring()
    if (field === 0x43) code = value
    if (field === 0x4d) said = value
  }
  return reader.isBroken ? null : { code, text: said }
}

/** A column of a result: its name and the identifier of its type. */
export interface PostgresColumn {
  readonly name: string
  readonly type: number
}

/** Reads the columns of a result; null when they are malformed. */
export const readColumns = ({ body }: PostgresMessage): ReadonlyArray<PostgresColumn> | null => {
  const reader = new WireReader(body)
  const columns: Array<PostgresColumn> = []
  const count = reader.uintBE(2)
  for (let i = 0; i < count && !reader.isBroken; i++) {
    const name = reader.cstring()
    reader.take(6)
    const type = reader.uintBE(4)
    reader.take(8)
    columns.push({ name, type })
  }
  return reader.isBroken ? null : columns
}

/** Reads a row; null when it is malformed or not of these columns. */
export const readRow = (
  { body }: PostgresMessage,
  columns: ReadonlyArray<PostgresColumn>,
): ReadonlyArray<readonly [name: string, value: JsonValue]> | null => {
  const reader = new WireReader(body)
  if (reader.uintBE(2) !== columns.length) return null
  const row = columns.map(({ name, type }) => {
    const length = reader.intBE(4)
    return [name, length === -1 ? null : jsonOf(type, reader.take(length).toString("utf8"))] as const
  })
  return reader.isBroken ? null : row
}

/** Types by the identifiers they have in every PostgreSQL (pg_type.dat): int8, int2, int4, oid, float4, float8, numeric. */
const numbers: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 1700])
const boolean = 16
/** json and jsonb. */
const documents: ReadonlySet<number> = new Set([114, 3802])

const jsonOf = (type: number, value: string): JsonValue => {
  if (numbers.has(type)) return numberOf(value)
  if (type === boolean) return value === "t"
  return documents.has(type) ? documentOf(value) : value
}
