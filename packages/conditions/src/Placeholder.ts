import type { Phases } from "@uptime/domain/Result"
import type { JsonPath } from "./jsonpath/JsonPath.ts"

/**
 * What kind of value a placeholder stands for: `number`, `time` (milliseconds; a duration such as `48h` may be compared with
 * it), `boolean`, `text`, `list` (several texts), or `json` (whatever the body holds).
 */
export type ValueType = "number" | "time" | "boolean" | "text" | "list" | "json"

/** Every placeholder by its name, with the kind of value it stands for. */
export const placeholders = {
  STATUS: "number",
  RESPONSE_TIME: "time",
  IP: "text",
  CONNECTED: "boolean",
  BODY: "json",
  HEADERS: "text",
  PHASES: "time",
  CERTIFICATE_EXPIRATION: "time",
  DOMAIN_EXPIRATION: "time",
  DNS_RCODE: "text",
  RECORDS: "list",
  PACKET_LOSS: "number",
  GRPC_STATUS: "text",
} as const satisfies Record<string, ValueType>

export type PlaceholderName = keyof typeof placeholders

/** A placeholder that takes nothing behind it: `[STATUS]`. */
export type PlainName = Exclude<PlaceholderName, "BODY" | "HEADERS" | "PHASES">

/** A value of the observation that a condition asks for. A header's name is in lower case. */
export type Placeholder =
  | { readonly _tag: "Plain"; readonly name: PlainName }
  | { readonly _tag: "Body"; readonly path: JsonPath | null }
  | { readonly _tag: "Header"; readonly name: string }
  | { readonly _tag: "Phase"; readonly phase: keyof Phases }

/** The phases by their names in lower case. */
export const phaseNames: ReadonlyMap<string, keyof Phases> = new Map([
  ["dns", "dns"],
  ["connect", "connect"],
  ["tls", "tls"],
  ["firstbyte", "firstByte"],
  ["transfer", "transfer"],
])

/** The name in the brackets of a placeholder. */
export const nameOf = (placeholder: Placeholder): PlaceholderName => {
  switch (placeholder._tag) {
    case "Plain":
      return placeholder.name
    case "Body":
      return "BODY"
    case "Header":
      return "HEADERS"
    case "Phase":
      return "PHASES"
  }
}

/** Whether a placeholder stands for several values, each of which is compared: a list, or a path that may give many. */
export const givesSeveral = (placeholder: Placeholder): boolean =>
  placeholder._tag === "Body"
    ? placeholder.path !== null && !placeholder.path.isSingular
    : placeholders[nameOf(placeholder)] === "list"
