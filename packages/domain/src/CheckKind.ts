import { Schema } from "effect"

/**
 * What a check does. A monitor's kind follows from the scheme of its URL (`kindOfScheme`); a `heartbeat` has no target: it
 * is told, and checks nothing.
 */
export const CheckKind = Schema.Literal(
  "http",
  "tcp",
  "dns",
  "ping",
  "tls",
  "websocket",
  "grpc",
  "smtp",
  "postgres",
  "mysql",
  "redis",
  "domain",
  "heartbeat",
)
export type CheckKind = typeof CheckKind.Type
