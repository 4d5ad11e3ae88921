import { randomUUID } from "node:crypto"
import * as Http from "node:http"
import { SqlClient } from "@effect/sql/SqlClient"
import { Dispatcher } from "@uptime/alerting/Dispatcher"
import { Mailer } from "@uptime/alerting/Mailer"
import type { AlertRules } from "@uptime/domain/AlertRules"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import { MonitorId } from "@uptime/domain/Ids"
import { defaultAlertRules } from "@uptime/domain/MonitorDefaults"
import { Region } from "@uptime/domain/Region"
import { type NewResult, noPhases } from "@uptime/domain/Result"
import { Judgements } from "@uptime/persistence/Judgements"
import { Outbox } from "@uptime/persistence/Outbox"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { publicOnly } from "@uptime/prober/TargetGuard"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { Effect, Layer, Option, Redacted, Schema, type Scope } from "effect"

/** What may be asked: the servers of the tests are on loopback. */
export const policy = { ...publicOnly, allowPrivate: true }

/** Everything between a result and a message, over a database. */
export const incidentWorld = (databaseUrl: string) =>
  Dispatcher.layer({ publicUrl: "https://status.example.com" }).pipe(
    Layer.provideMerge(
      Layer.mergeAll(
        GuardedHttp.layer(policy),
        Mailer.layer(policy, { installation: Option.none() }),
        SecretBox.layer(Option.none()),
        Judgements.layer,
        Outbox.layer,
        ResultStore.layer,
      ),
    ),
    Layer.provideMerge(
      PostgresSql.layer({ url: Redacted.make(databaseUrl), applicationName: "test", maxConnections: 6 }),
    ),
  )

/** A message as its receiver got it. */
export interface Received {
  /** When it came, by Effect's clock, in milliseconds since the epoch. */
  readonly at: number
  readonly key: string
  readonly type: string
  readonly headline: string
}

const Body = Schema.parseJson(Schema.Struct({ type: Schema.String, data: Schema.Struct({ headline: Schema.String }) }))
const decodeBody = Schema.decodeUnknownSync(Body)

/** A receiver of webhooks on a free port of 127.0.0.1. */
export const receiver: Effect.Effect<
  { readonly url: string; readonly received: () => ReadonlyArray<Received> },
  never,
  Scope.Scope
> = Effect.gen(function* () {
  const received: Array<Received> = []
  const clock = yield* Effect.clock
  const server = Http.createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const { data, type } = decodeBody(Buffer.concat(chunks).toString())
      const at = clock.unsafeCurrentTimeMillis()
      received.push({ at, key: String(request.headers["webhook-id"]), type, headline: data.headline })
      response.end("ok")
    })
  })
  const port = yield* Effect.acquireRelease(
    Effect.async<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(typeof address === "object" && address !== null ? Effect.succeed(address.port) : Effect.die("no port"))
      })
    }),
    () => Effect.sync(() => server.close().closeAllConnections()),
  )
  return { url: `http://127.0.0.1:${port}/`, received: () => received }
})

/** A new account with a webhook to each of these addresses, told by default; its id. */
export const makeOwner = (...webhooks: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const id = randomUUID()
    yield* sql`
      INSERT INTO users (id, email, name, password_hash, created_at, updated_at)
      VALUES (${id}, ${`${id}@example.com`}, 'Ann', '-', now(), now())`
    for (const url of webhooks) {
      yield* sql`
        INSERT INTO channels (id, user_id, kind, name, config, enabled, is_default, created_at, updated_at)
        VALUES (gen_random_uuid(), ${id}, 'webhook', 'A webhook', ${JSON.stringify({ kind: "webhook", url })}::jsonb, true, true,
          now(), now())`
    }
    return id
  })

/** So many monitors of an owner, each with a host of its own, called by that; their ids. */
export const makeMonitors = (
  owner: string,
  count: number,
  {
    name = "m",
    parents = [],
    ...alerts
  }: Partial<AlertRules> & { readonly name?: string; readonly parents?: ReadonlyArray<MonitorId> } = {},
) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const rows = yield* sql<{ readonly id: string }>`
      INSERT INTO monitors (id, user_id, name, kind, url, interval_seconds, timeout_ms, enabled, next_check_at, created_at,
        updated_at, alerts, parents)
      SELECT gen_random_uuid(), ${owner}, CASE ${count}::int WHEN 1 THEN ${name} ELSE ${name} || n END, 'http',
        'https://' || ${name} || n || '.example.com/', 60, 5000, true, now() + interval '1 day', now(), now(),
        ${JSON.stringify({ ...defaultAlertRules, ...alerts })}::jsonb, ${parents}::uuid[]
      FROM generate_series(1, ${count}) AS n
      RETURNING id`
    return rows.map(({ id }) => MonitorId.make(id))
  })

const reasons: Readonly<Record<CheckStatus, string | null>> = {
  Up: null,
  Degraded: "[RESPONSE_TIME] < 300 does not hold: it was 812",
  Down: "connection refused",
  Unknown: "no answer of ours",
}

/** A result of a region, at a slot in milliseconds since the epoch. */
export const result = (monitorId: MonitorId, region: string, slot: number, status: CheckStatus): NewResult => ({
  monitorId,
  region: Region.make(region),
  slot,
  checkedAt: slot + 200,
  outcome: {
    status,
    responseTimeMs: status === "Down" ? null : status === "Degraded" ? 812 : 90,
    phases: noPhases,
    httpStatus: status === "Down" ? null : 200,
    errorKind: status === "Up" ? null : status === "Degraded" ? "condition" : "connect",
    errorMessage: reasons[status],
    certificateExpiresAt: null,
    attempts: 1,
    evidence: null,
  },
})

/** Judges until nothing waits. */
export const judgeAll = Effect.gen(function* () {
  const { judgeNext } = yield* Judgements
  while ((yield* judgeNext) !== null) {}
})

/** Judges, lets a minute and a half pass for what the judge waits for, judges again and sends what is to be told. */
export const settle = Effect.gen(function* () {
  const sql = yield* SqlClient
  const { dispatch } = yield* Dispatcher
  const by = sql.literal("interval '90 seconds'")
  yield* judgeAll
  yield* sql`UPDATE incidents SET tell_at = tell_at - ${by}, look_at = look_at - ${by}`
  yield* sql`UPDATE incident_monitors SET news_at = news_at - ${by}`
  yield* sql`
    UPDATE alert_outbox SET at = at - ${by}, due_at = due_at - ${by}, next_attempt_at = next_attempt_at - ${by}`
  yield* judgeAll
  yield* dispatch
})
