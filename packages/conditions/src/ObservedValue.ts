import { countCharacters, type Json, readJson } from "./Json.ts"
import { jsonText } from "./JsonText.ts"
import { select } from "./jsonpath/JsonPathQuery.ts"
import { maxBodyBytes, type Observation } from "./Observation.ts"
import type { Source } from "./ParsedCondition.ts"
import type { Placeholder, PlainName } from "./Placeholder.ts"
import { Absent, nothing, notJson, type Seen, Several, tooDeep, tooLong } from "./Seen.ts"
import type { Work } from "./Work.ts"

/** What a condition's source is in an observation. */
export const observedValue = (source: Source, observation: Observation, work: Work): Seen => {
  switch (source._tag) {
    case "Length":
      return lengthOf(source.of, observation, work)
    case "Has":
      return isThere(source.of, placeholderValue(source.of, observation, work))
    default:
      return placeholderValue(source, observation, work)
  }
}

const placeholderValue = (placeholder: Placeholder, observation: Observation, work: Work): Seen => {
  switch (placeholder._tag) {
    case "Plain":
      return plainValue(placeholder.name, observation)
    case "Header":
      return headerValue(placeholder.name, observation)
    case "Phase":
      return observation.phases[placeholder.phase] ?? nothing
    case "Body":
      return bodyValue(placeholder, observation, work)
  }
}

const plainValue = (name: PlainName, observation: Observation): Seen => {
  switch (name) {
    case "STATUS":
      return observation.status ?? nothing
    case "RESPONSE_TIME":
      return observation.responseTimeMs ?? nothing
    case "IP":
      return observation.ip ?? nothing
    case "CONNECTED":
      return observation.connected
    case "CERTIFICATE_EXPIRATION":
      return observation.certificateExpiresInMs ?? nothing
    case "DOMAIN_EXPIRATION":
      return observation.domainExpiresInMs ?? nothing
    case "DNS_RCODE":
      return observation.dnsRcode ?? nothing
    case "RECORDS":
      return observation.records === null ? nothing : new Several(observation.records)
    case "PACKET_LOSS":
      return observation.packetLossPercent ?? nothing
    case "GRPC_STATUS":
      return observation.grpcStatus ?? nothing
  }
}

/** The values of all fields of a name, joined as RFC 9110, section 5.3 has it. */
const headerValue = (name: string, { headers }: Observation): Seen => {
  const values = headers.filter((field) => field[0].toLowerCase() === name).map((field) => field[1])
  return values.length === 0 ? nothing : values.join(", ")
}

const bodyValue = (
  { path }: Extract<Placeholder, { readonly _tag: "Body" }>,
  observation: Observation,
  work: Work,
): Seen => {
  if (path === null) return observation.body === null ? nothing : observation.body.trim()
  const document = documentOf(observation)
  if (document instanceof Absent) return document
  const values = select(path, document.value, document.value, work)
  return path.isSingular ? (values[0] ?? missing(values)) : new Several(values)
}

/** JSON's null is a value that is there. */
const missing = (values: ReadonlyArray<Json>): Seen => (values.length === 0 ? nothing : null)

/** The documents of the observations that are still held by somebody: each body is read as JSON once. */
const documents = new WeakMap<Observation, { readonly value: Json } | Absent>()

const documentOf = (observation: Observation): { readonly value: Json } | Absent => {
  const known = documents.get(observation)
  if (known !== undefined) return known
  const document = observation.body === null ? nothing : readDocument(observation.body)
  documents.set(observation, document)
  return document
}

const readDocument = (body: string): { readonly value: Json } | Absent => {
  const read = readJson(body.trim())
  if (typeof read === "object") return read
  if (read === "deep") return tooDeep
  return isCut(body) ? tooLong : notJson
}

/** Whether a text is as long as a body is looked at, but for half a character at its end and a mark of its encoding: it was cut. */
const isCut = (body: string): boolean =>
  body.length > maxBodyBytes / 4 && new TextEncoder().encode(body).length >= maxBodyBytes - 6

/**
 * How many elements an array has, or how many values there are; else how many characters the text has, which for a part of
 * a body is its JSON without blanks, as Gatus has it.
 */
const lengthOf = (placeholder: Placeholder, observation: Observation, work: Work): Seen => {
  const value = lengthSubject(placeholder, observation, work)
  if (value instanceof Absent) return value
  if (value instanceof Several) return value.values.length
  if (Array.isArray(value)) return value.length
  const text = typeof value === "string" ? value : jsonText(value, work)
  return text !== null && work.spendOnText(text) ? countCharacters(text) : nothing
}

/** The whole body is an array where it is one in JSON, and text where it is anything else. */
const lengthSubject = (placeholder: Placeholder, observation: Observation, work: Work): Seen => {
  const value = placeholderValue(placeholder, observation, work)
  if (placeholder._tag !== "Body" || placeholder.path !== null || typeof value !== "string") return value
  if (!value.startsWith("[")) return value
  const document = documentOf(observation)
  return !(document instanceof Absent) && Array.isArray(document.value) ? document.value : value
}

/** Whether there is a value that is not null: at least one where there may be several, and something in the body. */
const isThere = (placeholder: Placeholder, value: Seen): boolean => {
  if (value instanceof Absent || value === null) return false
  if (value instanceof Several) return value.values.some((one) => one !== null)
  return value !== "" || placeholder._tag !== "Body" || placeholder.path !== null
}
