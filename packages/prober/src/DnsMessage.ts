import { isIP } from "node:net"
import type { RecordType } from "@uptime/domain/checks/NameChecks"
import { type Answer, type DecodedPacket, decode, encode, RECURSION_DESIRED } from "dns-packet"
import ipaddr from "ipaddr.js"
import { recordText } from "./DnsRecord.ts"

/** One question to a name server. */
export interface DnsQuestion {
  /** 16 bits, not to be guessed. */
  readonly id: number
  /** Without a final dot. */
  readonly name: string
  readonly type: RecordType
}

/** What a name server answered. */
export interface DnsAnswer {
  /** The response code by its name in IANA's registry. */
  readonly rcode: string
  /** Whether the answer did not fit. */
  readonly isTruncated: boolean
  /** Whether the server knows EDNS (RFC 6891). */
  readonly hasEdns: boolean
  /** The records of the type that was asked for, of the name or of what its aliases lead to, as text. */
  readonly records: ReadonlyArray<string>
}

/**
 * The name that is asked for when a host is checked: itself, or for `PTR` of an address, the name that its reverse is kept
 * under (RFC 1035, section 3.5, RFC 3596, section 2.5).
 *
 * @param host a name, or an address without brackets
 * @returns null when no name server can be asked for it: a label is empty or over 63 octets, or the whole over 253
 */
export const askedName = (host: string, type: RecordType): string | null => {
  const name = type === "PTR" && isIP(host) !== 0 ? reverseName(host) : host.replace(/\.$/, "")
  return name.length <= 253 && name.split(".").every((label) => label !== "" && label.length <= 63) ? name : null
}

const reverseName = (address: string): string => {
  const bytes = ipaddr.parse(address).toByteArray()
  if (bytes.length === 4) return `${bytes.reverse().join(".")}.in-addr.arpa`
  const nibbles = bytes.flatMap((byte) => [byte >> 4, byte & 15]).reverse()
  return `${nibbles.map((nibble) => nibble.toString(16)).join(".")}.ip6.arpa`
}

/** The largest answer that is asked for over UDP: what passes every network unfragmented (DNS Flag Day 2020). */
const udpPayloadSize = 1_232

/** A question as it is sent. Names that the server does not have itself it is to look up elsewhere. */
export const encodeQuestion = ({ id, name, type }: DnsQuestion, withEdns: boolean): Buffer =>
  encode({
    type: "query",
    id,
    flags: RECURSION_DESIRED,
    questions: [{ name, type, class: "IN" }],
    additionals: withEdns ? [edns] : [],
  })

const edns: Answer = {
  type: "OPT",
  name: ".",
  udpPayloadSize,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
}

/** The most records of one answer. A name in one may be thousands of steps away from where it is used. */
const maxRecords = 512

/**
 * Reads what came from a name server.
 *
 * @returns `foreign` when it is not an answer to the question, whoever sent it; `malformed` when it is one that cannot be
 *   read
 */
export const readAnswer = (bytes: Buffer, question: DnsQuestion): DnsAnswer | "foreign" | "malformed" => {
  if (bytes.length < 12 || bytes.readUInt16BE(0) !== question.id || !isStandardResponse(bytes)) return "foreign"
  if (bytes.readUInt16BE(4) > 1) return "foreign"
  const records = bytes.readUInt16BE(6) + bytes.readUInt16BE(8) + bytes.readUInt16BE(10)
  if (records > maxRecords) return "malformed"
  const packet = decoded(bytes)
  if (packet === null) return "malformed"
  const rcode = rcodeOf(packet)
  const [asked] = packet.questions ?? []
  // A server that could not read the question cannot repeat it.
  if (asked === undefined ? rcode !== 1 : !isSame(asked, question)) return "foreign"
  return {
    rcode: rcodes[rcode] ?? `RCODE${rcode}`,
    isTruncated: packet.flag_tc,
    hasEdns: optionsOf(packet) !== undefined,
    records: answersTo(question, packet.answers ?? []),
  }
}

/** A response to a standard query: QR is 1 and OPCODE is 0 (RFC 1035, section 4.1.1). */
const isStandardResponse = (bytes: Buffer): boolean => (bytes.readUInt8(2) & 0xf8) === 0x80

const decoded = (bytes: Buffer): DecodedPacket | null => {
  try {
    return decode(bytes)
  } catch {
    return null
  }
}

const isSame = (
  asked: { readonly name: string; readonly type: string; readonly class?: string | undefined },
  question: DnsQuestion,
): boolean =>
  asked.name.toLowerCase() === question.name.toLowerCase() && asked.type === question.type && asked.class === "IN"

const optionsOf = ({ additionals }: DecodedPacket) => additionals?.find((record) => record.type === "OPT")

/** The twelve bits of which EDNS holds the upper eight (RFC 6891, section 6.1.3). */
const rcodeOf = (packet: DecodedPacket): number => {
  const options = optionsOf(packet)
  const upper = options?.type === "OPT" ? options.extendedRcode : 0
  return (upper << 4) | ((packet.flags ?? 0) & 15)
}

/** Names of response codes (IANA, Domain Name System Parameters, DNS RCODEs). */
const rcodes: Readonly<Record<number, string>> = {
  0: "NOERROR",
  1: "FORMERR",
  2: "SERVFAIL",
  3: "NXDOMAIN",
  4: "NOTIMP",
  5: "REFUSED",
  6: "YXDOMAIN",
  7: "YXRRSET",
  8: "NXRRSET",
  9: "NOTAUTH",
  10: "NOTZONE",
  11: "DSOTYPENI",
  16: "BADVERS",
  23: "BADCOOKIE",
}

/** The texts of the records that belong to the name, through its aliases: a record of another name answers nothing. */
const answersTo = ({ name, type }: DnsQuestion, answers: ReadonlyArray<Answer>): ReadonlyArray<string> => {
  const ofInternet = answers.filter((record) => "class" in record && record.class === "IN")
  const names = withAliases(name.toLowerCase(), ofInternet)
  return ofInternet
    .filter((record) => record.type === type && names.has(record.name.toLowerCase()))
    .flatMap((record) => recordText(record) ?? [])
}

/** A name and all that it is an alias of, in whichever order the server put them. */
const withAliases = (name: string, records: ReadonlyArray<Answer>): ReadonlySet<string> => {
  const aliases = new Map<string, string>()
  for (const record of records) {
    if (record.type === "CNAME") aliases.set(record.name.toLowerCase(), record.data.toLowerCase())
  }
  const names = new Set<string>()
  for (let next: string | undefined = name; next !== undefined && !names.has(next); next = aliases.get(next)) {
    names.add(next)
  }
  return names
}
