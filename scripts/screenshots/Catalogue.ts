import type { ErrorKind } from "../../packages/domain/src/CheckError.ts"

/** A time in which a monitor failed; `began` and `lasted` in minutes, the former before now. */
export interface Outage {
  readonly began: number
  /** Null while it goes on. */
  readonly lasted: number | null
  readonly kind: ErrorKind
  readonly message: string
  readonly httpStatus?: number
  /** The regions that saw it; all of them unless given. */
  readonly regions?: ReadonlyArray<string>
}

/** How a monitor's target behaves, times in milliseconds. */
export interface Behaviour {
  /** How long it takes to answer when all is well, the way to it aside. */
  readonly answersIn: number
  /** The phases that its kind of check has. */
  readonly phases: "http" | "tls" | "socket" | "answer" | "run"
  /** From `began` minutes before now on it took longer by a factor, and was `Degraded` for it. */
  readonly slow?: { readonly began: number; readonly factor: number; readonly condition: string }
  /** A part of the year in which it was slower; minutes before now. */
  readonly slower?: { readonly from: number; readonly to: number; readonly factor: number }
  readonly outages: ReadonlyArray<Outage>
}

/** A monitor of the shop: what the API is told, and how its target behaves. */
export interface Entry {
  readonly monitor: Readonly<Record<string, unknown>> & { readonly name: string; readonly url: string }
  readonly behaviour: Behaviour
  /** Paused that many minutes ago. */
  readonly paused?: number
}

const day = 1_440

const gateway = { kind: "status", message: "status 502", httpStatus: 502 } as const
const unavailable = { kind: "status", message: "status 503", httpStatus: 503 } as const
const refused = { kind: "connect", message: "connection refused" } as const
const late = {
  kind: "timeout",
  message: "no complete answer within 10000 ms: timed out waiting for the answer",
} as const

const monitor = (name: string, url: string, group: string, tags: ReadonlyArray<string>, more: object = {}) => ({
  name,
  url,
  group,
  tags,
  intervalSeconds: 60,
  ...more,
})

/** What Northlight, a shop that is made up, watches. Its names exist on no network. */
export const catalogue: ReadonlyArray<Entry> = [
  {
    monitor: monitor("Shop", "https://shop.northlight.example/", "Storefront", ["production", "web"], {
      conditions: [
        { condition: "[STATUS] == 200", severity: "Down" },
        { condition: '[BODY] contains "Add to basket"', severity: "Down" },
        { condition: "[RESPONSE_TIME] < 1500", severity: "Degraded" },
        { condition: "[CERTIFICATE_EXPIRATION] > 14d", severity: "Degraded" },
      ],
    }),
    behaviour: {
      answersIn: 96,
      phases: "http",
      slower: { from: 210 * day, to: 118 * day, factor: 1.55 },
      outages: [
        { began: 12 * day + 560, lasted: 18, ...gateway },
        { began: 61 * day + 300, lasted: 44, ...late },
        { began: 154 * day + 820, lasted: 9, ...gateway },
        { began: 262 * day + 200, lasted: 71, ...unavailable },
      ],
    },
  },
  {
    monitor: monitor(
      "Product search",
      "https://shop.northlight.example/api/search?q=lamp",
      "Storefront",
      ["production", "web"],
      { conditions: [{ condition: "[RESPONSE_TIME] < 900", severity: "Degraded" }] },
    ),
    behaviour: {
      answersIn: 180,
      phases: "http",
      slow: { began: 42, factor: 6.4, condition: "[RESPONSE_TIME] < 900 failed: [RESPONSE_TIME] was 1284" },
      outages: [
        { began: 33 * day + 700, lasted: 26, ...late },
        { began: 190 * day + 640, lasted: 52, ...unavailable },
      ],
    },
  },
  {
    monitor: monitor("Image CDN", "https://cdn.northlight.example/health", "Storefront", ["production", "web"]),
    behaviour: {
      answersIn: 14,
      phases: "http",
      outages: [
        { began: 15 * 60, lasted: 22, regions: ["India"], ...late },
        { began: 88 * day + 90, lasted: 35, regions: ["India"], ...refused },
      ],
    },
  },
  {
    monitor: monitor(
      "Checkout API",
      "https://api.northlight.example/checkout/health",
      "Payments",
      ["production", "api"],
      {
        conditions: [
          { condition: "[STATUS] == 200", severity: "Down" },
          { condition: '[BODY].status == "ok"', severity: "Down" },
        ],
        alerts: { reminderMinutes: 30 },
      },
    ),
    behaviour: {
      answersIn: 61,
      phases: "http",
      outages: [
        { began: 27, lasted: null, ...unavailable },
        { began: 47 * day + 480, lasted: 12, ...gateway },
        { began: 233 * day + 900, lasted: 31, ...unavailable },
      ],
    },
  },
  {
    monitor: monitor("Payment webhooks", "https://api.northlight.example/payments/health", "Payments", [
      "production",
      "api",
    ]),
    behaviour: {
      answersIn: 74,
      phases: "http",
      outages: [
        { began: 25, lasted: null, ...unavailable },
        { began: 47 * day + 478, lasted: 10, ...gateway },
      ],
    },
  },
  {
    monitor: monitor("Login", "https://login.northlight.example/", "Accounts", ["production", "web"]),
    behaviour: {
      answersIn: 83,
      phases: "http",
      outages: [
        { began: 26 * day + 130, lasted: 7, ...gateway },
        { began: 141 * day + 610, lasted: 23, ...late },
      ],
    },
  },
  {
    monitor: monitor("Customer portal", "https://account.northlight.example/", "Accounts", ["production", "web"]),
    behaviour: {
      answersIn: 124,
      phases: "http",
      slower: { from: 75 * day, to: 52 * day, factor: 1.4 },
      outages: [{ began: 141 * day + 608, lasted: 21, ...late }],
    },
  },
  {
    monitor: monitor("Docs", "https://docs.northlight.example/", "Developers", ["web"]),
    behaviour: { answersIn: 22, phases: "http", outages: [{ began: 171 * day + 250, lasted: 64, ...refused }] },
  },
  {
    monitor: monitor("Public API", "https://api.northlight.example/v2/ping", "Developers", ["production", "api"]),
    behaviour: { answersIn: 34, phases: "http", outages: [{ began: 47 * day + 479, lasted: 11, ...gateway }] },
  },
  {
    monitor: monitor("Live updates", "wss://live.northlight.example/socket", "Developers", ["production", "api"]),
    behaviour: { answersIn: 18, phases: "http", outages: [{ began: 5 * day + 380, lasted: 14, ...refused }] },
  },
  {
    monitor: monitor("Mail", "smtp://mail.northlight.example:25", "Infrastructure", ["infrastructure"]),
    behaviour: { answersIn: 46, phases: "socket", outages: [{ began: 97 * day + 1_010, lasted: 38, ...refused }] },
  },
  {
    monitor: monitor("DNS", "dns://northlight.example", "Infrastructure", ["infrastructure"], {
      dns: { type: "A", resolver: "9.9.9.9", expect: { match: "any", records: ["203.0.113.24"] } },
    }),
    behaviour: { answersIn: 3, phases: "answer", outages: [] },
  },
  {
    monitor: monitor("Certificate", "tls://shop.northlight.example", "Infrastructure", ["infrastructure"]),
    behaviour: { answersIn: 4, phases: "tls", outages: [] },
  },
  {
    monitor: monitor("Orders database", "postgres://db.northlight.example", "Infrastructure", ["infrastructure"], {
      postgres: { username: "monitor", database: "orders" },
    }),
    behaviour: { answersIn: 9, phases: "socket", outages: [{ began: 8 * day + 215, lasted: 6, ...refused }] },
  },
  {
    monitor: {
      ...monitor("Nightly backup", "heartbeat://", "Infrastructure", ["infrastructure"]),
      heartbeat: { cron: "0 3 * * *", timeZone: "Europe/Berlin", graceSeconds: 3_600 },
    },
    behaviour: { answersIn: 843_000, phases: "run", outages: [] },
  },
  {
    monitor: monitor("Staging", "https://staging.northlight.example/", "Storefront", ["web"]),
    behaviour: { answersIn: 240, phases: "http", outages: [{ began: 34 * day, lasted: 190, ...gateway }] },
    paused: 19 * day,
  },
]
