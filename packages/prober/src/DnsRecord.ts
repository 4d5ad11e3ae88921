import { isIP } from "node:net"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { RecordType } from "@uptime/domain/checks/NameChecks"
import type { Answer } from "dns-packet"
import ipaddr from "ipaddr.js"

/** A character of a name or a text that would break its line, as zone files write it (RFC 1035, section 5.1). */
const escaped = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => `\\${String(character.codePointAt(0)).padStart(3, "0")}`)

/**
 * A record as text, in one line, in the order of its fields in zone files: `192.0.2.1`, `10 mail.example.com`. Names have
 * no final dot; the strings of a TXT record are joined, as their readers do (RFC 7208, section 3.3).
 *
 * @returns null for a type that cannot be asked for
 */
export const recordText = (record: Answer): string | null => {
  switch (record.type) {
    case "A":
    case "AAAA":
    case "CNAME":
    case "NS":
    case "PTR":
      return escaped(record.data)
    case "CAA":
      return escaped(`${record.data.flags ?? 0} ${record.data.tag} "${record.data.value}"`)
    case "MX":
      return escaped(`${record.data.preference ?? 0} ${record.data.exchange}`)
    case "SOA": {
      const { expire, minimum, mname, refresh, retry, rname, serial } = record.data
      return escaped(`${mname} ${rname} ${serial} ${refresh} ${retry} ${expire} ${minimum}`)
    }
    case "SRV": {
      const { port, priority, target, weight } = record.data
      return escaped(`${priority ?? 0} ${weight ?? 0} ${port} ${target}`)
    }
    case "TXT": {
      const strings = Array.isArray(record.data) ? record.data : [record.data]
      return escaped(Buffer.concat(strings.map((string) => Buffer.from(string))).toString("utf8"))
    }
    default:
      return null
  }
}

/**
 * A record's text in the form in which two are compared. Names and addresses are the same whatever the case, the final dot
 * and the way an address is shortened. A TXT record is compared as it is, since keys are written in there; its strings may
 * be given in quotes, as zone files have them.
 */
export const comparable = (type: RecordType, text: string): string => {
  if (type === "TXT") return /^\s*"[^"]*"(?:\s+"[^"]*")*\s*$/.test(text) ? unquoted(text) : text
  const words = text.replaceAll('"', "").trim().toLowerCase().split(/\s+/)
  const [word = ""] = words
  if (type === "A" || type === "AAAA") return isIP(word) !== 0 ? ipaddr.parse(word).toString() : word
  return words.map(withoutFinalDots).join(" ")
}

/** A name without the dot of the root at its end; the root itself stays. */
const withoutFinalDots = (name: string): string => {
  let end = name.length
  while (end > 1 && name[end - 1] === ".") end--
  return name.slice(0, end)
}

const unquoted = (text: string): string => [...text.matchAll(/"([^"]*)"/g)].map(([, string = ""]) => string).join("")

type Expected = NonNullable<NonNullable<CheckSpec["dns"]>["expect"]>

/**
 * Whether the records are those that are expected: `any` of them is there, or `all`, or `exactly` they and no other. Their
 * order says nothing.
 */
export const areExpected = (
  { match, records: expected }: Expected,
  type: RecordType,
  records: ReadonlyArray<string>,
): boolean => {
  const found = new Set(records.map((text) => comparable(type, text)))
  const wanted = new Set(expected.map((text) => comparable(type, text)))
  const isThere = (text: string) => found.has(text)
  if (match === "any") return [...wanted].some(isThere)
  return [...wanted].every(isThere) && (match === "all" || found.size === wanted.size)
}
