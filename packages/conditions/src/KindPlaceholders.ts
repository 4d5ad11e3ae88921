import type { CheckKind } from "@uptime/domain/CheckKind"
import type { PlaceholderName } from "./Placeholder.ts"

const answering: ReadonlyArray<CheckKind> = ["http", "tcp", "websocket", "smtp", "postgres", "mysql", "redis", "dns"]
const dialled: ReadonlyArray<CheckKind> = [...answering, "tls", "grpc", "ping"]
const checked: ReadonlyArray<CheckKind> = [...dialled, "domain"]

/** The kinds of check that have a word for a placeholder; where none has, it is never there. A heartbeat checks nothing. */
export const kindsWith: Readonly<Record<PlaceholderName, ReadonlyArray<CheckKind>>> = {
  STATUS: ["http", "websocket", "grpc"],
  RESPONSE_TIME: checked,
  IP: dialled,
  CONNECTED: checked,
  BODY: answering,
  HEADERS: ["http", "websocket", "grpc"],
  PHASES: dialled,
  CERTIFICATE_EXPIRATION: ["http", "tls", "tcp", "websocket", "grpc", "smtp", "postgres", "mysql", "redis"],
  DOMAIN_EXPIRATION: ["domain"],
  DNS_RCODE: ["dns"],
  RECORDS: ["dns"],
  PACKET_LOSS: ["ping"],
  GRPC_STATUS: ["grpc"],
}
