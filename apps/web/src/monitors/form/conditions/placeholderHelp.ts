import type { PlaceholderName } from "@uptime/conditions/Placeholder"
import type { CheckKind } from "@uptime/domain/CheckKind"

/** What a placeholder of a condition is, for who writes one. */
export interface PlaceholderHelp {
  /** As it is written; a dot at the end where more must follow. */
  readonly text: string
  readonly about: string
  readonly name: PlaceholderName
  /** What it is often held against. */
  readonly values: ReadonlyArray<string>
}

/** Every placeholder, the usual ones first. */
export const placeholderHelp: Readonly<Record<PlaceholderName, PlaceholderHelp>> = {
  STATUS: { name: "STATUS", text: "[STATUS]", about: "the HTTP status", values: ["200", "any(200, 204)", "400"] },
  RESPONSE_TIME: {
    name: "RESPONSE_TIME",
    text: "[RESPONSE_TIME]",
    about: "how long the answer took",
    values: ["300ms", "1s"],
  },
  BODY: { name: "BODY", text: "[BODY]", about: "the answer, or a part of it: [BODY].status", values: ["ok"] },
  HEADERS: { name: "HEADERS", text: "[HEADERS].", about: "a header of the answer", values: [] },
  CERTIFICATE_EXPIRATION: {
    name: "CERTIFICATE_EXPIRATION",
    text: "[CERTIFICATE_EXPIRATION]",
    about: "how long the certificate is still valid",
    values: ["48h", "7d", "30d"],
  },
  DNS_RCODE: {
    name: "DNS_RCODE",
    text: "[DNS_RCODE]",
    about: "the code of the DNS answer",
    values: ["NOERROR", "NXDOMAIN"],
  },
  RECORDS: { name: "RECORDS", text: "[RECORDS]", about: "the records of the DNS answer", values: ["192.0.2.7"] },
  PACKET_LOSS: { name: "PACKET_LOSS", text: "[PACKET_LOSS]", about: "lost packets in percent", values: ["0", "20"] },
  GRPC_STATUS: {
    name: "GRPC_STATUS",
    text: "[GRPC_STATUS]",
    about: "the health that the service reports",
    values: ["SERVING"],
  },
  DOMAIN_EXPIRATION: {
    name: "DOMAIN_EXPIRATION",
    text: "[DOMAIN_EXPIRATION]",
    about: "how long the domain is still registered",
    values: ["30d", "90d"],
  },
  CONNECTED: {
    name: "CONNECTED",
    text: "[CONNECTED]",
    about: "whether a connection came about",
    values: ["true", "false"],
  },
  IP: { name: "IP", text: "[IP]", about: "the address that was dialled", values: ["pat(10.*)"] },
  PHASES: { name: "PHASES", text: "[PHASES].", about: "how long a phase took", values: ["100ms", "1s"] },
}

/** Headers whose names are offered behind a placeholder. */
export const usualHeaders = [
  "content-type",
  "server",
  "cache-control",
  "location",
  "content-length",
  "strict-transport-security",
]

/** Conditions to begin with, by kind of check. */
export const exampleConditions = (kind: CheckKind): ReadonlyArray<string> => {
  switch (kind) {
    case "http":
      return ["[RESPONSE_TIME] < 500ms", "[BODY] contains welcome", "[CERTIFICATE_EXPIRATION] > 7d"]
    case "dns":
      return ["[RECORDS] contains 192.0.2.7", "[RESPONSE_TIME] < 200ms"]
    case "ping":
      return ["[PACKET_LOSS] <= 20", "[RESPONSE_TIME] < 100ms"]
    case "grpc":
      return ["[GRPC_STATUS] == SERVING", "[RESPONSE_TIME] < 500ms"]
    case "tls":
      return ["[CERTIFICATE_EXPIRATION] > 7d"]
    case "domain":
      return ["[DOMAIN_EXPIRATION] > 30d"]
    case "postgres":
    case "mysql":
      return ["[BODY][0].count > 0", "[RESPONSE_TIME] < 500ms"]
    default:
      return ["[RESPONSE_TIME] < 500ms"]
  }
}
