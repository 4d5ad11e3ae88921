import type { CheckKind } from "./CheckKind.ts"

/** How the URL of a scheme is read. */
export interface Scheme {
  readonly kind: CheckKind
  /** The port that is meant when the URL names none; null where the scheme has no port, `"required"` where it must be named. */
  readonly port: number | "required" | null
  /** Whether a path and a query may follow. */
  readonly path: boolean
}

/** Every scheme that a monitor's URL may have, without its colon. */
export const schemes: Readonly<Record<string, Scheme>> = {
  http: { kind: "http", port: 80, path: true },
  https: { kind: "http", port: 443, path: true },
  tcp: { kind: "tcp", port: "required", path: false },
  dns: { kind: "dns", port: null, path: false },
  icmp: { kind: "ping", port: null, path: false },
  tls: { kind: "tls", port: 443, path: false },
  ws: { kind: "websocket", port: 80, path: true },
  wss: { kind: "websocket", port: 443, path: true },
  grpc: { kind: "grpc", port: "required", path: false },
  grpcs: { kind: "grpc", port: 443, path: false },
  smtp: { kind: "smtp", port: 25, path: false },
  smtps: { kind: "smtp", port: 465, path: false },
  postgres: { kind: "postgres", port: 5432, path: false },
  mysql: { kind: "mysql", port: 3306, path: false },
  redis: { kind: "redis", port: 6379, path: false },
  rediss: { kind: "redis", port: 6379, path: false },
  domain: { kind: "domain", port: null, path: false },
  heartbeat: { kind: "heartbeat", port: null, path: false },
}

/** The scheme of a URL that `parseMonitorUrl` accepted. */
export const schemeOf = (url: string): string => url.slice(0, url.indexOf(":"))

/** The kind of check that a URL accepted by `parseMonitorUrl` asks for. */
export const kindOfUrl = (url: string): CheckKind => schemes[schemeOf(url)]?.kind ?? "http"
