import type { ErrorKind } from "@uptime/domain/CheckError"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { ByteTrickName } from "@uptime/testing/ByteTricks"

/** A path of the hostile server, how long a check of it may take, and what must come of it: null for `Up`. */
export interface HttpCase {
  readonly path: string
  readonly timeoutMs: number
  readonly kind: ErrorKind | null
  readonly httpStatus: number | null
  /** A word of the message. */
  readonly word?: string
  /** Makes the check read the body. */
  readonly conditions?: CheckSpec["conditions"]
}

const fine = (path: string): HttpCase => ({ path, timeoutMs: 2_000, kind: null, httpStatus: 200 })
const wrong = (path: string, kind: ErrorKind, httpStatus: number | null, word: string): HttpCase => ({
  path,
  timeoutMs: 2_000,
  kind,
  httpStatus,
  word,
})
const late = (path: string, httpStatus: number | null, word: string): HttpCase => ({
  path,
  timeoutMs: 300,
  kind: "timeout",
  httpStatus,
  word,
})
/** With a condition that nothing could see in a body of zeros, or in none. */
const reading = (one: HttpCase): HttpCase => ({
  ...one,
  conditions: [{ condition: "[BODY] == pat(*never*)", severity: "Down" }],
})

export const httpCases: ReadonlyArray<HttpCase> = [
  fine("/gzip-bomb"),
  fine("/brotli-bomb"),
  fine("/deflate-bomb"),
  fine("/nested-encodings"),
  fine("/unknown-encoding"),
  fine("/false-encoding"),
  reading(wrong("/gzip-bomb", "condition", 200, "")),
  reading(wrong("/brotli-bomb", "condition", 200, "")),
  reading(wrong("/deflate-bomb", "condition", 200, "")),
  reading(wrong("/nested-encodings", "body", 200, "")),
  reading(wrong("/unknown-encoding", "body", 200, "")),
  reading(wrong("/false-encoding", "body", 200, "")),
  fine("/endless-body"),
  reading(wrong("/endless-body", "condition", 200, "")),
  fine("/chunk-crumbs"),
  fine("/redirect-endless-body"),
  fine("/long"),
  wrong("/endless-102", "body", null, "informational"),
  wrong("/endless-103", "body", null, "informational"),
  wrong("/slow-103", "body", null, "informational"),
  wrong("/many-headers", "body", null, "100 header fields"),
  wrong("/large-header", "body", null, "16 KiB"),
  wrong("/megabyte-header", "body", null, "16 KiB"),
  wrong("/megabyte-reason", "body", null, ""),
  wrong("/endless-header", "body", null, "16 KiB"),
  wrong("/endless-trailer", "body", 200, ""),
  late("/dripping-header", null, "reading the answer"),
  { ...late("/dripping-body", 200, "reading the answer"), timeoutMs: 400 },
  late("/long-promise", 200, "reading the answer"),
  late("/silent", null, "waiting for the answer"),
  wrong("/short", "body", 200, "ended early"),
  wrong("/negative-length", "body", null, "content length"),
  wrong("/two-lengths", "body", null, "content length"),
  wrong("/chunk-extensions", "body", 200, "chunk extensions"),
  wrong("/chunk-extension-each", "body", 200, "chunk extensions"),
  wrong("/chunk-too-large", "body", 200, "chunk"),
  wrong("/chunk-garbage", "body", 200, "chunked"),
  wrong("/reset-unanswered", "connect", null, "reset"),
  wrong("/close-unanswered", "connect", null, "closed"),
  wrong("/reset-mid-header", "body", null, "ended early"),
  wrong("/close-mid-header", "body", null, "ended early"),
  wrong("/reset-mid-body", "body", 200, "ended early"),
  wrong("/garbage", "body", null, "not HTTP"),
  wrong("/http-0.9", "body", null, "not HTTP"),
  wrong("/ssh", "body", null, "not HTTP"),
  wrong("/http-2", "body", null, "not HTTP"),
  wrong("/switch", "body", null, "switches"),
  wrong("/hostile-reason", "status", 503, "status 503"),
  wrong("/nul-reason", "body", null, "not HTTP"),
  wrong("/nul-header", "body", null, "header field"),
  wrong("/unpaired-header", "body", null, "header field"),
  wrong("/unpaired-value", "status", 503, "status 503"),
  wrong("/hostile-body", "status", 503, "status 503"),
  wrong("/hostile-json", "status", 503, "status 503"),
  wrong("/redirect-loop", "redirect", 302, "more than 5"),
  wrong("/redirect-hostile-location", "redirect", 302, "not a URL"),
  wrong("/redirect-nul", "body", null, "header field"),
  wrong("/redirect-without", "status", 302, "status 302"),
]

/** A kind of check that speaks over TCP, as a check of a port. */
export interface Spoken {
  readonly name: string
  readonly spec: (port: number) => Omit<CheckSpec, "timeoutMs">
  /** Whether it is behind TLS that goes as it should. */
  readonly isSecured?: boolean
  /** What comes of a trick where it is not what comes of it for most. */
  readonly kinds?: Readonly<Partial<Record<ByteTrickName, ErrorKind>>>
}

/** What comes of each trick for most kinds. */
export const usual: Readonly<Record<ByteTrickName, ErrorKind>> = {
  silence: "timeout",
  drip: "timeout",
  "drip of zeros": "protocol",
  "drip of a handshake": "protocol",
  flood: "protocol",
  "flood of text": "protocol",
  "flood without a line": "protocol",
  garbage: "protocol",
  "NUL and unpaired": "protocol",
  reset: "connect",
  "reset after a word": "protocol",
  close: "connect",
}

const at = (scheme: string, port: number) => `${scheme}://127.0.0.1:${port}`

export const spoken: ReadonlyArray<Spoken> = [
  {
    name: "http",
    kinds: {
      drip: "body",
      "drip of zeros": "body",
      "drip of a handshake": "body",
      flood: "body",
      "flood of text": "body",
      "flood without a line": "body",
      garbage: "body",
      "NUL and unpaired": "body",
      "reset after a word": "body",
    },
    spec: (port) => ({ kind: "http", url: `${at("http", port)}/` }),
  },
  {
    name: "http/2",
    kinds: {
      drip: "body",
      "drip of zeros": "body",
      "drip of a handshake": "body",
      flood: "body",
      "flood of text": "body",
      "flood without a line": "body",
      garbage: "body",
      "NUL and unpaired": "body",
      "reset after a word": "connect",
    },
    isSecured: true,
    spec: (port) => ({ kind: "http", url: `${at("https", port)}/`, http: { httpVersion: "2", ignoreTls: true } }),
  },
  {
    name: "https",
    kinds: {
      drip: "tls",
      "drip of zeros": "tls",
      "drip of a handshake": "timeout",
      flood: "tls",
      "flood of text": "tls",
      "flood without a line": "tls",
      garbage: "tls",
      "NUL and unpaired": "tls",
      "reset after a word": "tls",
      close: "tls",
    },
    spec: (port) => ({ kind: "http", url: `${at("https", port)}/` }),
  },
  {
    name: "tcp",
    kinds: { "drip of zeros": "timeout", "drip of a handshake": "timeout" },
    spec: (port) => ({ kind: "tcp", url: at("tcp", port), tcp: { expect: "never said" } }),
  },
  {
    name: "tls",
    kinds: {
      drip: "tls",
      "drip of zeros": "tls",
      "drip of a handshake": "timeout",
      flood: "tls",
      "flood of text": "tls",
      "flood without a line": "tls",
      garbage: "tls",
      "NUL and unpaired": "tls",
      "reset after a word": "tls",
      close: "tls",
    },
    spec: (port) => ({ kind: "tls", url: at("tls", port) }),
  },
  { name: "starttls", spec: (port) => ({ kind: "tls", url: at("tls", port), tls: { startTls: "smtp" } }) },
  {
    name: "websocket",
    kinds: { drip: "protocol" },
    spec: (port) => ({ kind: "websocket", url: `${at("ws", port)}/` }),
  },
  { name: "grpc", kinds: { drip: "protocol" }, spec: (port) => ({ kind: "grpc", url: at("grpc", port) }) },
  { name: "smtp", spec: (port) => ({ kind: "smtp", url: at("smtp", port) }) },
  {
    name: "smtps",
    isSecured: true,
    spec: (port) => ({ kind: "smtp", url: at("smtps", port), smtp: { ignoreTls: true } }),
  },
  { name: "postgres", kinds: { drip: "protocol" }, spec: (port) => ({ kind: "postgres", url: at("postgres", port) }) },
  {
    name: "mysql",
    kinds: { drip: "protocol", "drip of a handshake": "timeout" },
    spec: (port) => ({ kind: "mysql", url: at("mysql", port) }),
  },
  { name: "redis", kinds: { drip: "protocol" }, spec: (port) => ({ kind: "redis", url: at("redis", port) }) },
  {
    name: "rediss",
    kinds: { drip: "protocol" },
    isSecured: true,
    spec: (port) => ({ kind: "redis", url: at("rediss", port), redis: { ignoreTls: true } }),
  },
  {
    name: "dns",
    kinds: { "drip of a handshake": "timeout" },
    spec: (port) => ({ kind: "dns", url: "dns://a.test", dns: { resolver: `127.0.0.1:${port}`, protocol: "tcp" } }),
  },
]
