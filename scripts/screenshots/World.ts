import { SqlClient } from "@effect/sql/SqlClient"
import { Clock, Effect, Layer, Redacted, Schedule, Schema } from "effect"
import { startDashboard } from "../../apps/web/test/browser/Dashboard.ts"
import { MonitorId } from "../../packages/domain/src/Ids.ts"
import { Housekeeping } from "../../packages/persistence/src/Housekeeping.ts"
import * as PostgresSql from "../../packages/persistence/src/PostgresSql.ts"
import { ResultStore } from "../../packages/persistence/src/ResultStore.ts"
import { eventually } from "../../packages/testing/src/Eventually.ts"
import { startPostgres } from "../../packages/testing/src/Servers.ts"
import { catalogue } from "./Catalogue.ts"
import { type Made, writeHistory, writeMinute } from "./History.ts"
import { moveTimeline, writePastIncidents } from "./Incidents.ts"
import { mailServer } from "./MailServer.ts"
import { minuteMs } from "./Results.ts"

/** Whom it all belongs to. */
export const account = {
  email: "maya@northlight.example",
  name: "Maya Lindqvist",
  password: "lamps for every room",
} as const

const Answer = Schema.Struct({ id: Schema.optional(Schema.String), token: Schema.optional(Schema.String) })
const Listed = Schema.Struct({ items: Schema.Array(Schema.Struct({ id: Schema.String })) })
const Timeline = Schema.Struct({
  updates: Schema.Array(Schema.Unknown),
  deliveries: Schema.Array(Schema.Struct({ state: Schema.String })),
})

/** The HTTP API of a running app, as whoever a token is of. */
const caller = (url: string, token: string | undefined) => ({
  get: <A, I>(path: string, schema: Schema.Schema<A, I>) => ask(`${url}${path}`, "GET", token, undefined, schema),
  post: (path: string, body?: unknown) =>
    Effect.map(ask(`${url}${path}`, "POST", token, body, Answer), ({ id = "" }) => id),
  put: (path: string, body: unknown) => Effect.asVoid(ask(`${url}${path}`, "PUT", token, body, Answer)),
})

const ask = <A, I>(
  url: string,
  method: string,
  token: string | undefined,
  body: unknown,
  schema: Schema.Schema<A, I>,
) =>
  Effect.promise(async () => {
    const response = await fetch(url, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`)
    return Schema.decodeUnknownSync(schema)(JSON.parse(text))
  })

const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/**
 * The built app over a PostgreSQL of its own, in which a shop that is made up has watched its servers for a year. Its targets
 * exist on no network, so nothing is probed: a result a minute is stored until the scope closes. An incident is going on,
 * acknowledged and published; what the judge, the dispatcher and the status pages made of it is theirs.
 */
export const world = Effect.gen(function* () {
  const [{ url: databaseUrl }, smtpUrl] = yield* Effect.all([startPostgres(), mailServer])
  const { url } = yield* startDashboard({
    DATABASE_URL: databaseUrl,
    SMTP_URL: smtpUrl,
    SMTP_FROM: "uptime@northlight.example",
    RETENTION_DAYS: "400",
    NODE_ENV: "production",
  })
  const { token } = yield* ask(`${url}/api/auth/signup`, "POST", undefined, account, Answer)
  const { get, post, put } = caller(url, token)

  const mail = yield* post("/api/channels", { name: "Maya", config: { kind: "email", to: [account.email] } })
  const now = Math.floor((yield* Clock.currentTimeMillis) / minuteMs) * minuteMs
  const made: ReadonlyArray<Made> = yield* Effect.forEach(catalogue, (entry) =>
    Effect.map(
      post("/api/monitor", { ...entry.monitor, enabled: entry.behaviour.phases === "run" }),
      (id): Made => ({ ...entry, id: MonitorId.make(id) }),
    ),
  )
  const idOf = (name: string) => made.find(({ monitor }) => monitor.name === name)?.id ?? ""

  const services = Layer.provideMerge(
    Layer.mergeAll(ResultStore.layer, Housekeeping.layer),
    PostgresSql.layer({
      url: Redacted.make(databaseUrl),
      applicationName: "screenshots",
      maxConnections: 4,
      patient: true,
    }),
  )
  const context = yield* Layer.build(services)
  const incidentId = yield* Effect.gen(function* () {
    yield* writePastIncidents(made, account.name, mail, now)
    yield* writeHistory(made, now)
    yield* pings(idOf("Nightly backup"), now)
    const { items } = yield* eventually(
      get("/api/incidents?open=true", Listed),
      ({ items: open }) => open.length > 0,
      "20 seconds",
    )
    return items[0]?.id ?? ""
  }).pipe(Effect.provide(context))
  yield* Effect.gen(function* () {
    const slot = Math.floor((yield* Clock.currentTimeMillis) / minuteMs) * minuteMs
    yield* writeMinute(made, slot, now)
  }).pipe(Effect.repeat(Schedule.spaced("20 seconds")), Effect.provide(context), Effect.forkScoped)

  const incident = `/api/incidents/${incidentId}`
  const awaitSent = (messages: number) =>
    eventually(
      get(incident, Timeline),
      ({ deliveries }) => deliveries.filter(({ state }) => state === "sent").length >= messages,
      "30 seconds",
    )
  yield* awaitSent(1)
  yield* post(`${incident}/acknowledge`)
  yield* post(`${incident}/comment`, {
    body: "payments-core restarts in a loop since the last deployment. Going back to the build before it.",
  })
  yield* put(incident, { title: "Checkout and payments are down", isPublic: true })
  yield* post(`${incident}/comment`, {
    body: "Orders cannot be paid at the moment. We have found the cause and are restoring the previous version.",
    public: true,
  })
  const { updates } = yield* awaitSent(3)
  yield* Effect.provide(moveTimeline(incidentId, [26, 21, 18, 12, 9, 5].slice(0, updates.length)), context)

  const slack = yield* post("/api/channels", {
    name: "#operations",
    config: { kind: "slack", url: "https://hooks.slack.com/services/T0000/B0000/none" },
    isDefault: false,
  })
  const pager = yield* post("/api/channels", {
    name: "On call",
    config: { kind: "pagerduty", routingKey: "0123456789abcdef0123456789abcdef" },
    isDefault: false,
    quietHours: null,
  })
  const escalationId = yield* post("/api/escalations", {
    name: "Wake somebody",
    steps: [
      { afterMinutes: 5, channels: [slack] },
      { afterMinutes: 15, channels: [pager] },
    ],
  })
  yield* put(`/api/monitor/${idOf("Shop")}`, { alerts: { escalationId } })

  const at = (ms: number) => new Date(Math.floor((now + ms) / hourMs) * hourMs).toISOString()
  yield* post("/api/maintenances", {
    title: "Orders database: minor upgrade",
    description: "A failover of about a minute, within the window.",
    plan: {
      kind: "recurring",
      rule: "FREQ=WEEKLY;BYDAY=SU",
      start: `${at(-90 * dayMs).slice(0, 10)}T02:00`,
      timeZone: "Europe/Berlin",
      durationMinutes: 60,
    },
    monitorIds: [idOf("Orders database")],
  })
  yield* post("/api/maintenances", {
    title: "Move to the new payment provider",
    description: "Cards are not accepted for up to two hours; invoices are.",
    plan: { kind: "single", from: at(3 * dayMs), to: at(3 * dayMs + 2 * hourMs) },
    groups: ["Payments"],
    isPublic: true,
  })
  yield* post("/api/maintenances", {
    title: "New switches in Frankfurt",
    plan: { kind: "single", from: at(-9 * dayMs), to: at(-9 * dayMs + 4 * hourMs) },
    tags: ["infrastructure"],
  })

  const section = (name: string, names: ReadonlyArray<string>) => ({
    name,
    monitors: names.map((one) => ({ monitorId: idOf(one) })),
  })
  const statusPageId = yield* post("/api/status-pages", {
    slug: "northlight",
    title: "Northlight",
    description: "How the shop and everything behind it is doing.",
    accent: "#0f766e",
    timeZone: "Europe/Berlin",
    showsResponse: true,
    sections: [
      section("Shop", ["Shop", "Product search", "Image CDN"]),
      section("Payments", ["Checkout API", "Payment webhooks"]),
      section("Accounts", ["Login", "Customer portal"]),
      section("Developers", ["Docs", "Public API", "Live updates"]),
    ],
  })
  return { url, idOf, incidentId, statusPageId, escalationId, channelId: mail }
})

/** The pings of the nightly job, of which the last nights are kept. */
const pings = Effect.fnUntraced(function* (monitorId: string, now: number) {
  const sql = yield* SqlClient
  yield* sql`
      INSERT INTO heartbeat_pings (monitor_id, at, kind, exit_code, run_ms, body)
      SELECT ${monitorId}, night + CASE kind WHEN 'success' THEN interval '14 minutes 3 seconds' ELSE interval '0' END, kind,
        CASE kind WHEN 'success' THEN 0 END, CASE kind WHEN 'success' THEN 843000 END,
        CASE kind WHEN 'success' THEN 'snapshot of 412 GB stored, 3 older ones removed' END
      FROM generate_series(20, 0, -1) AS n, unnest(ARRAY['start', 'success']) AS kind,
        LATERAL (SELECT date_trunc('day', to_timestamp(${now}::float8 / 1000), 'UTC') + interval '2 hours' - n * interval '1 day' AS night) AS nights
      WHERE night + interval '15 minutes' < to_timestamp(${now}::float8 / 1000)
      ORDER BY night, kind DESC`
  yield* sql`
      UPDATE heartbeats SET last_ping_at = last.at, plan_version = 0,
        state = jsonb_build_object('lastSignAt', date_part('epoch', last.at) * 1000, 'verdict', 'Up', 'runMs', 843000)
      FROM (SELECT max(at) AS at FROM heartbeat_pings WHERE monitor_id = ${monitorId}) AS last
      WHERE monitor_id = ${monitorId}`
})
