import type { CheckKind } from "@uptime/domain/CheckKind"

/** A kind of check as people choose it. */
interface KindChoice {
  readonly kind: CheckKind
  readonly label: string
  /** What it does, in a sentence. */
  readonly about: string
  /** The scheme of an address that is typed without one. */
  readonly scheme: string
  /** An address of this kind. */
  readonly example: string
}

const websites: KindChoice = {
  kind: "http",
  label: "Website or API",
  about: "Sends a request and looks at the status, the headers, the body and the certificate.",
  scheme: "https",
  example: "https://example.com",
}

/** Every kind of check, the usual ones first. */
export const kindChoices: ReadonlyArray<KindChoice> = [
  websites,
  {
    kind: "heartbeat",
    label: "Heartbeat",
    about: "Checks nothing and is told: your job pings an address, and you hear of it when a ping is missing.",
    scheme: "heartbeat",
    example: "heartbeat://",
  },
  {
    kind: "ping",
    label: "Ping",
    about: "Sends ICMP echo requests and counts the answers.",
    scheme: "icmp",
    example: "icmp://example.com",
  },
  {
    kind: "tcp",
    label: "TCP port",
    about: "Opens a connection; may send something and look for an answer.",
    scheme: "tcp",
    example: "tcp://example.com:5000",
  },
  {
    kind: "dns",
    label: "DNS",
    about: "Asks a name server for the records of a name.",
    scheme: "dns",
    example: "dns://example.com",
  },
  {
    kind: "tls",
    label: "Certificate",
    about: "Looks at the certificates of a server, and warns before one of them ends.",
    scheme: "tls",
    example: "tls://example.com",
  },
  {
    kind: "domain",
    label: "Domain expiry",
    about: "Asks the registry until when a domain is registered, and warns before that.",
    scheme: "domain",
    example: "domain://example.com",
  },
  {
    kind: "websocket",
    label: "WebSocket",
    about: "Opens a WebSocket; may send a message and look for an answer.",
    scheme: "wss",
    example: "wss://example.com/socket",
  },
  {
    kind: "grpc",
    label: "gRPC",
    about: "Asks a gRPC server for its health.",
    scheme: "grpc",
    example: "grpc://example.com:50051",
  },
  {
    kind: "smtp",
    label: "Mail server",
    about: "Greets a mail server, and may log in.",
    scheme: "smtp",
    example: "smtp://mail.example.com",
  },
  {
    kind: "postgres",
    label: "PostgreSQL",
    about: "Logs in to a database and runs a query.",
    scheme: "postgres",
    example: "postgres://db.example.com",
  },
  {
    kind: "mysql",
    label: "MySQL",
    about: "Logs in to a database and runs a query.",
    scheme: "mysql",
    example: "mysql://db.example.com",
  },
  {
    kind: "redis",
    label: "Redis",
    about: "Logs in and sends PING.",
    scheme: "redis",
    example: "redis://cache.example.com",
  },
]

/** How a kind is shown. */
export const kindChoice = (kind: CheckKind): KindChoice =>
  kindChoices.find((choice) => choice.kind === kind) ?? websites
