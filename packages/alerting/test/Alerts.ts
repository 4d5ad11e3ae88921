import type { Alert, AlertMonitor } from "@uptime/alerting/Alert"
import { FastCheck as fc } from "effect"

/** Noon of a day, in milliseconds since the epoch. */
export const noon = Date.UTC(2026, 2, 1, 12, 0, 0)
const incidentId = "3f0c1a52-6c0e-4a4b-9a55-0d6a5ac0c001"
const channelId = "7b0e5f4e-0f3d-4a57-8f5b-6f1f3a6c9002"

/** A monitor that is down in both of its locations. */
export const monitor: AlertMonitor = {
  id: "11111111-2222-4333-8444-555555555555",
  name: "api.example.com",
  url: "https://api.example.com/health",
  kind: "http",
  tags: ["prod", "eu"],
  since: noon,
  reason: "connection refused",
  locations: [
    { location: "USA", status: "Down", message: "connection refused" },
    { location: "India", status: "Up", message: null },
  ],
}

/** An incident of one monitor that has just begun. */
export const opened: Alert = {
  incidentId,
  incidentUrl: `https://uptime.example.com/incidents/${incidentId}`,
  change: "opened",
  idempotencyKey: `${incidentId}:opened:${channelId}`,
  severity: "Down",
  title: "api.example.com is down",
  at: noon + 5_000,
  startedAt: noon,
  resolvedAt: null,
  ending: null,
  monitors: [monitor],
  acknowledgedBy: null,
  monitorCount: 1,
  note: null,
  sentBy: "uptime.example.com",
}

/** The same an hour later. */
export const reminder: Alert = {
  ...opened,
  change: "reminder",
  idempotencyKey: `${incidentId}:reminder:1:${channelId}`,
  at: noon + 3_600_000,
}

/** The same, over. */
export const resolved: Alert = {
  ...opened,
  change: "resolved",
  idempotencyKey: `${incidentId}:resolved:${channelId}`,
  at: noon + 260_000,
  resolvedAt: noon + 252_000,
}

/** The same, over, with an update that a person wrote afterwards. */
export const updatedLater: Alert = {
  ...resolved,
  change: "updated",
  idempotencyKey: `${incidentId}:note:1:${channelId}`,
  at: noon + 900_000,
  note: "It was the database.",
}

/** What people may call things to make others click, ring or run. */
export const hostileTexts: ReadonlyArray<string> = [
  `"><script>alert(1)</script>`,
  "'><img src=x onerror=alert(1)>",
  "@everyone @here @channel @all @**all** @room",
  "<!channel> <!everyone> <@U012AB3CD> <#C012AB3CD|general> <users/all>",
  "<https://evil.example|https://bank.example>",
  "[click](https://evil.example) ![x](https://evil.example/x.png)",
  "**bold** *it* _it_ __u__ ~~no~~ ||spoiler|| `code` ```js\nrun()\n```",
  "# heading\n> quote\n- list\n1. item\n---\n/me runs\n/close",
  "line\r\nBcc: victim@example.com\r\n\r\nbody",
  "\u0000\u0007\u001b[31mred\u001b[0m",
  "\u202egnp.exe\u202c \u2066x\u2069 \u2028 \u2029",
  "\ud800 lone \udc00",
  "&amp; &lt;b&gt; \\* \\\\ \\@",
  "😀👩‍👩‍👧‍👦".repeat(80),
  "x".repeat(5_000),
  "",
  " ",
]

/** Any text, and especially a hostile one. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ maxLength: 400 }),
  fc.fullUnicodeString({ maxLength: 200 }),
  fc.string16bits({ maxLength: 50 }),
  fc.array(fc.constantFrom(..."\\*_~`|<>#+-.:@()[]!&'\"{}$ \n a1"), { maxLength: 60 }).map((signs) => signs.join("")),
)

const instant = fc.integer({ min: 0, max: 4_102_444_800_000 })

const anyMonitor: fc.Arbitrary<AlertMonitor> = fc.record({
  id: fc.uuid(),
  name: anyText,
  url: fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), anyText),
  kind: fc.constantFrom("http", "tcp", "heartbeat"),
  tags: fc.array(anyText, { maxLength: 20 }),
  since: instant,
  reason: fc.option(anyText),
  locations: fc.array(
    fc.record({ location: anyText, status: fc.constantFrom("Up", "Down"), message: fc.option(anyText) }),
    { maxLength: 15 },
  ),
})

/** Any alert at all, also such as nobody would make. */
export const anyAlert: fc.Arbitrary<Alert> = fc.record({
  incidentId: fc.uuid(),
  incidentUrl: fc.option(fc.webUrl({ withQueryParameters: true })),
  change: fc.constantFrom(
    "opened",
    "acknowledged",
    "updated",
    "partial",
    "flapping",
    "settled",
    "escalated",
    "reminder",
    "resolved",
    "test",
  ),
  idempotencyKey: fc.uuid().map((id) => `${id}:opened:${id}`),
  severity: fc.constantFrom("Down", "Degraded", "Partial", "Info"),
  title: anyText,
  at: instant,
  startedAt: instant,
  resolvedAt: fc.option(instant),
  ending: fc.option(fc.record({ resolvedBy: fc.option(anyText), reason: fc.option(anyText) })),
  monitors: fc.array(anyMonitor, { maxLength: 25 }),
  acknowledgedBy: fc.option(anyText),
  monitorCount: fc.nat({ max: 500 }),
  note: fc.option(anyText),
  sentBy: anyText,
})
