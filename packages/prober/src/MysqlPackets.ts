import type { Reader } from "./Conversation.ts"
import { documentOf, type JsonValue, numberOf } from "./QueryRows.ts"
import { WireReader } from "./WireReader.ts"

/**
 * A packet of MySQL's protocol ("Client/Server Protocol" in its documentation), as far as a check speaks it. Written here
 * because a check reads what anybody sends: nothing in it may loop, throw, print or grow by what a packet says of itself.
 */
export interface MysqlPacket {
  /** The place of the packet in its exchange; the answer has the next one. */
  readonly sequence: number
  readonly payload: Buffer
}

/** The longest packet that is read, in bytes. */
const maxPayload = 1_048_576

/** Reads one packet from a server. */
export const readPacket: Reader<MysqlPacket> = (bytes) => {
  if (bytes.length < 4) return "more"
  const length = bytes.readUIntLE(0, 3)
  if (length === 0 || length > maxPayload) return "malformed"
  if (bytes.length < length + 4) return "more"
  return { value: { sequence: bytes[3] ?? 0, payload: bytes.subarray(4, length + 4) }, size: length + 4 }
}

/** A packet as it is sent. */
export const packet = (sequence: number, ...parts: ReadonlyArray<Buffer>): Buffer => {
  const payload = Buffer.concat(parts)
  const head = Buffer.alloc(4)
  head.writeUIntLE(payload.length, 0, 3)
  head[3] = sequence & 0xff
  return Buffer.concat([head, payload])
}

/** What either side can do, as bits (mysql_com.h). Not `LOCAL_FILES` and not `MULTI_STATEMENTS`. */
const connectWithDatabase = 0x8
const protocol41 = 0x200
const tls = 0x800
const secureConnection = 0x8000
const pluginAuth = 0x80000
const ours = 0x1 | 0x4 | protocol41 | 0x2000 | secureConnection | 0x20000 | pluginAuth

/** utf8mb4_general_ci, which every server since 5.5 has. */
const utf8mb4 = 45

/** How a server greets. */
export interface Greeting {
  readonly version: string
  readonly offersTls: boolean
  /** The 20 bytes that a password is hashed with. */
  readonly challenge: Buffer
  /** The way to log in that the server has in mind. */
  readonly plugin: string
}

/** Reads a greeting of protocol version 10; null when it is none. */
export const readGreeting = ({ payload }: MysqlPacket): Greeting | null => {
  const reader = new WireReader(payload)
  if (reader.uintLE(1) !== 10) return null
  const version = reader.cstring()
  reader.take(4)
  const first = reader.take(8)
  reader.take(1)
  const lower = reader.uintLE(2)
  reader.take(3)
  const capabilities = lower + reader.uintLE(2) * 0x10000
  const length = reader.uintLE(1)
  reader.take(10)
  const second = reader.take(Math.max(13, length - 8)).subarray(0, 12)
  if (reader.isBroken || !has(capabilities, protocol41) || !has(capabilities, secureConnection)) return null
  const plugin = has(capabilities, pluginAuth) ? reader.rest().toString("latin1").replace(/\0.*$/s, "") : ""
  return {
    version,
    offersTls: has(capabilities, tls),
    challenge: Buffer.concat([first, second]),
    plugin: plugin === "" ? "mysql_native_password" : plugin,
  }
}

const has = (capabilities: number, bit: number): boolean => Math.floor(capabilities / bit) % 2 === 1

const capabilitiesFor = (database: string | undefined, isEncrypted: boolean): number =>
  ours | (isEncrypted ? tls : 0) | (database === undefined ? 0 : connectWithDatabase)

const head = (capabilities: number): Buffer => {
  const bytes = Buffer.alloc(32)
  bytes.writeUInt32LE(capabilities, 0)
  bytes.writeUInt32LE(maxPayload, 4)
  bytes[8] = utf8mb4
  return bytes
}

/** Asks for TLS, which begins after it. What it says the client can do stays so: the login cannot add to it. */
export const tlsRequest = (sequence: number, database: string | undefined): Buffer =>
  packet(sequence, head(capabilitiesFor(database, true)))

/** Who logs in, and how. */
export interface Login {
  readonly username: string
  readonly database: string | undefined
  readonly plugin: string
  /** At most 255 bytes. */
  readonly token: Buffer
  readonly isEncrypted: boolean
}

/** The answer to a greeting. */
export const loginResponse = (sequence: number, login: Login): Buffer => {
  const { database, isEncrypted, plugin, token, username } = login
  const parts = [head(capabilitiesFor(database, isEncrypted)), text(username), Buffer.from([token.length]), token]
  if (database !== undefined) parts.push(text(database))
  return packet(sequence, ...parts, text(plugin))
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`, "utf8")

/** A statement to run. */
export const query = (statement: string): Buffer => packet(0, Buffer.from([3]), Buffer.from(statement, "utf8"))

/** The goodbye. */
export const quit: Buffer = packet(0, Buffer.from([1]))

/** What an error says of itself: its number, and its text. */
export interface MysqlError {
  readonly code: number
  readonly text: string
}

/** What a packet is, by its first byte. */
export const isError = ({ payload }: MysqlPacket): boolean => payload[0] === 0xff
export const isOk = ({ payload }: MysqlPacket): boolean => payload[0] === 0
export const isEnd = ({ payload }: MysqlPacket): boolean => payload[0] === 0xfe && payload.length < 9
export const asksForFile = ({ payload }: MysqlPacket): boolean => payload[0] === 0xfb

/** Reads an error; before the login it has no SQLSTATE. */
export const readError = ({ payload }: MysqlPacket): MysqlError => {
  const reader = new WireReader(payload)
  reader.take(1)
  const code = reader.uintLE(2)
  return {
    code,
    text: reader
      .rest()
      .toString("utf8")
      .replace(/^#.{5}/s, ""),
  }
}

/** The number of columns of a result that begins; null when it is malformed. */
export const readColumnCount = ({ payload }: MysqlPacket): number | null => {
  const reader = new WireReader(payload)
  const count = lengthOf(reader)
  return reader.isBroken || reader.left > 0 ? null : count
}

/** A column of a result: its name and its type. */
export interface MysqlColumn {
  readonly name: string
  readonly type: number
}

/** Reads a column; null when it is malformed. */
export const readColumn = ({ payload }: MysqlPacket): MysqlColumn | null => {
  const reader = new WireReader(payload)
  for (let i = 0; i < 4; i++) reader.take(lengthOf(reader) ?? 0)
  const name = reader.take(lengthOf(reader) ?? 0).toString("utf8")
  reader.take(lengthOf(reader) ?? 0)
  reader.take(7)
  const type = reader.uintLE(1)
  return reader.isBroken ? null : { name, type }
}

/** Reads a row; null when it is malformed or not of these columns. */
export const readRow = (
  { payload }: MysqlPacket,
  columns: ReadonlyArray<MysqlColumn>,
): ReadonlyArray<readonly [name: string, value: JsonValue]> | null => {
  const reader = new WireReader(payload)
  const row = columns.map(({ name, type }) => {
    const length = lengthOf(reader)
    return [name, length === null ? null : jsonOf(type, reader.take(length).toString("utf8"))] as const
  })
  return reader.isBroken || reader.left > 0 ? null : row
}

/** A length in one byte, or in the two, three or eight after it; null for the mark of NULL. */
const lengthOf = (reader: WireReader): number | null => {
  const first = reader.uintLE(1)
  if (first < 0xfb) return first
  if (first === 0xfb) return null
  if (first === 0xfc) return reader.uintLE(2)
  if (first === 0xfd) return reader.uintLE(3)
  // What needs more than six bytes is longer than anything that is read.
  const length = reader.uintLE(6)
  return reader.uintLE(2) === 0 ? length : Number.MAX_SAFE_INTEGER
}

/** Types by their numbers (field_types.h): decimals, whole numbers, floats, years. */
const numbers: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 8, 9, 13, 246])
const document = 245

const jsonOf = (type: number, value: string): JsonValue => {
  if (numbers.has(type)) return numberOf(value)
  return type === document ? documentOf(value) : value
}
