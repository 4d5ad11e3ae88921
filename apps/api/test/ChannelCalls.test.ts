import { createServer } from "node:http"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { ChannelId, IncidentId } from "@uptime/domain/Ids"
import { parseCidrs, publicOnly } from "@uptime/prober/TargetGuard"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { Effect, Either, Option } from "effect"
import { insertIncident } from "./Incidents.ts"
import { loggedIn, walk } from "./LoggedIn.ts"

const loopback = { ...publicOnly, allowCidrs: Either.getOrThrow(parseCidrs("127.0.0.0/8")) }

/** A receiver on loopback that answers with a status, another one from the second request on, and a body; and what it got. */
const receiver = (status: number, answer: string, then = status) =>
  Effect.gen(function* () {
    const received: Array<string> = []
    const server = createServer((request, response) => {
      let body = ""
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString()
      })
      request.on("end", () => {
        received.push(body)
        response.writeHead(received.length === 1 ? status : then).end(answer)
      })
    })
    const port = yield* Effect.acquireRelease(
      Effect.async<number>((resume) => {
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          resume(typeof address === "object" && address !== null ? Effect.succeed(address.port) : Effect.die("no port"))
        })
      }),
      () => Effect.async<void>((resume) => void server.close(() => resume(Effect.void))),
    )
    return { url: `http://127.0.0.1:${port}/hook`, received }
  })

const webhook = { kind: "webhook", url: "https://example.com/hook" }

describe("channels", () => {
  it.scopedLive("are created, shown, edited and deleted, and never show a secret", () =>
    Effect.gen(function* () {
      const { send, stores } = yield* loggedIn()
      const config = {
        ...webhook,
        signingSecret: "a signing secret",
        secretHeaders: [{ name: "x-key", value: "hidden" }],
      }
      const masked = { ...webhook, signingSecret: "********", secretHeaders: [{ name: "x-key", value: "********" }] }
      const created = yield* send("POST /api/channels", { name: "Ops", config })
      assert.strictEqual(created.status, 201, created.text)
      const { createdAt, id, updatedAt, ...rest } = created.body
      assert.deepStrictEqual(rest, {
        name: "Ops",
        config: masked,
        enabled: true,
        isDefault: true,
        quietHours: null,
        recipients: [],
      })
      assert.strictEqual(updatedAt, createdAt)
      assert.deepStrictEqual((yield* send(`GET /api/channels/${id}`)).body, created.body)

      const quietHours = { from: "22:00", to: "07:00", timeZone: "Europe/Berlin" }
      const edited = yield* send(`PUT /api/channels/${id}`, {
        name: "Night",
        quietHours,
        isDefault: false,
        config: masked,
      })
      assert.strictEqual(edited.status, 200, edited.text)
      assert.deepInclude(edited.body, { name: "Night", quietHours, isDefault: false, enabled: true, config: masked })
      assert.deepInclude((yield* send(`PUT /api/channels/${id}`, { quietHours: null })).body, { quietHours: null })
      // What is stored is sealed, and the mask did not replace it.
      const stored = yield* Effect.provide(
        Effect.flatMap(SqlClient, (sql) => sql<{ readonly config: unknown }>`SELECT config FROM channels`),
        stores,
      )
      assert.notMatch(JSON.stringify(stored), /signing secret|hidden|\*{8}/)

      assert.strictEqual((yield* send("GET /api/channels")).body.items.length, 1)
      assert.deepInclude(yield* send(`DELETE /api/channels/${id}`), { status: 204, body: null })
      assert.strictEqual((yield* send(`GET /api/channels/${id}`)).status, 404)
      assert.strictEqual((yield* send(`DELETE /api/channels/${id}`)).status, 404)
    }),
  )

  it.scopedLive("are refused with the place that is wrong", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn()
      const created = yield* send("POST /api/channels", { name: "A", config: webhook })
      const wrong: ReadonlyArray<readonly [route: string, json: object, path: string]> = [
        ["POST /api/channels", { name: "A", config: { ...webhook, urll: "x" } }, "config.urll"],
        ["POST /api/channels", { name: "A", config: { kind: "webhook", url: "ftp://example.com" } }, "config.url"],
        ["POST /api/channels", { name: "A", config: { kind: "slack", url: "hello" } }, "config.url"],
        ["POST /api/channels", { name: "A", config: { ...webhook, signingSecret: "whsec_" } }, "config.signingSecret"],
        [
          "POST /api/channels",
          { name: "A", config: { kind: "gotify", server: "https://example.com", token: "a\nb" } },
          "config.token",
        ],
        [
          "POST /api/channels",
          { name: "A", config: { kind: "apprise", server: "https://example.com", urls: "json://a", tag: "b" } },
          "config.tag",
        ],
        [`PUT /api/channels/${created.body.id}`, { config: { kind: "slack", url: "hello" } }, "config.url"],
        [
          "POST /api/channels",
          { name: "A", config: { ...webhook, signingSecret: "********" } },
          "config.signingSecret",
        ],
        [
          "POST /api/channels",
          { name: "A", config: { ...webhook, secretHeaders: [{ name: "a", value: "********" }] } },
          "config.secretHeaders.0.value",
        ],
        [
          `PUT /api/channels/${created.body.id}`,
          { quietHours: { from: "22:00", to: "22:00", timeZone: "UTC" } },
          "quietHours",
        ],
        [
          `PUT /api/channels/${created.body.id}`,
          { config: { kind: "discord", webhookUrl: "********" } },
          "config.webhookUrl",
        ],
      ]
      for (const [route, json, path] of wrong) {
        const { body, status, text } = yield* send(route, json)
        assert.strictEqual(status, 400, text)
        const paths: ReadonlyArray<string> = body.issues.map((issue: { path: ReadonlyArray<string> }) =>
          issue.path.join("."),
        )
        assert.include(paths, path, text)
      }
      assert.deepStrictEqual((yield* send(`GET /api/channels/${created.body.id}`)).body, created.body)
    }),
  )

  it.scopedLive(
    "at addresses that messages may not go to are refused, when they are made and when they are changed",
    () =>
      Effect.gen(function* () {
        const { send } = yield* loggedIn()
        const { body } = yield* send("POST /api/channels", { name: "A", config: webhook })
        const server = { host: "169.254.169.254", from: "a@example.com" }
        for (const [config, path] of [
          [{ kind: "webhook", url: "http://127.0.0.1:8080/" }, "config.url"],
          [{ kind: "webhook", url: "http://169.254.169.254/latest/meta-data/" }, "config.url"],
          [{ kind: "slack", url: "http://[::1]/services" }, "config.url"],
          [{ kind: "gotify", server: "http://localhost", token: "t" }, "config.server"],
          [{ kind: "email", to: ["a@example.com"], server }, "config.server.host"],
          [{ kind: "email", to: ["a@example.com"], server: { ...server, host: "fd00::1" } }, "config.server.host"],
        ] as const) {
          for (const answer of [
            yield* send("POST /api/channels", { name: "A", config }),
            yield* send(`PUT /api/channels/${body.id}`, { config }),
          ]) {
            assert.strictEqual(answer.status, 400, answer.text)
            assert.strictEqual(answer.body.issues[0].path.join("."), path)
          }
        }
        assert.lengthOf((yield* send("GET /api/channels")).body.items, 1)
      }),
  )

  it.scopedLive("keep a secret only while messages go where they did", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn()
      const config = { kind: "gotify", server: "https://gotify.example.com", token: "t0ken", priority: 5 }
      const { body } = yield* send("POST /api/channels", { name: "A", config })
      const edit = (changes: object) =>
        send(`PUT /api/channels/${body.id}`, { config: { ...config, token: "********", ...changes } })
      const server = "https://elsewhere.example.com"
      const refused = yield* edit({ server })
      assert.strictEqual(refused.status, 400, refused.text)
      assert.deepStrictEqual(refused.body.issues, [
        { path: ["config", "token"], message: "is kept only while messages go where they did: give it again" },
      ])
      assert.strictEqual((yield* edit({ priority: 9 })).body.config.priority, 9)
      assert.strictEqual((yield* edit({ server, token: "t0ken" })).body.config.server, server)
    }),
  )

  it.scopedLive("with secrets need an installation that can seal them", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn({ secrets: SecretBox.layer(Option.none()) })
      assert.strictEqual((yield* send("POST /api/channels", { name: "A", config: webhook })).status, 201)
      const refused = yield* send("POST /api/channels", { name: "A", config: { ...webhook, signingSecret: "secret" } })
      assert.deepStrictEqual([refused.status, refused.body._tag], [422, "SecretsUnavailable"])
    }),
  )

  it.scopedLive("are tried by a message that says whether it arrived, in words of ours, and not too often", () =>
    Effect.gen(function* () {
      const { send, stores } = yield* loggedIn({ settings: { targetPolicy: loopback } })
      const taken = yield* receiver(200, "ok")
      const failing = yield* receiver(500, "the database password is hunter2")
      const make = (config: object) =>
        Effect.map(send("POST /api/channels", { name: "A", config }), ({ body }) => body.id)
      const good = yield* make({ kind: "webhook", url: taken.url })
      assert.deepInclude(yield* send(`POST /api/channels/${good}/test`), {
        status: 200,
        body: { delivered: true, message: null },
      })
      assert.lengthOf(taken.received, 1)
      assert.include(taken.received[0], "test")

      const bad = yield* make({ kind: "webhook", url: failing.url })
      assert.deepInclude(yield* send(`POST /api/channels/${bad}/test`), {
        status: 200,
        body: { delivered: false, message: "status 500" },
      })
      // As if it had been made while the installation still allowed its address.
      const old = yield* make(webhook)
      yield* Effect.flatMap(
        SqlClient,
        (sql) =>
          sql`UPDATE channels SET config = ${JSON.stringify({ ...webhook, url: "http://10.0.0.1/" })}::jsonb WHERE id = ${old}`,
      ).pipe(Effect.provide(stores))
      const blocked = yield* send(`POST /api/channels/${old}/test`)
      assert.strictEqual(blocked.body.delivered, false)
      assert.match(blocked.body.message, /^not sent: /)
      assert.notInclude(blocked.text, "10.0.0.1")

      for (let i = 0; i < 17; i++) assert.strictEqual((yield* send(`POST /api/channels/${good}/test`)).status, 200)
      assert.strictEqual((yield* send(`POST /api/channels/${good}/test`)).status, 429)
      assert.lengthOf(taken.received, 18)
    }),
  )

  it.scopedLive("that keep alerts open are told that a test is over, too", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn({ settings: { targetPolicy: loopback } })
      const onCall = yield* receiver(200, "Ok.")
      const { body } = yield* send("POST /api/channels", {
        name: "A",
        config: { kind: "grafanaOnCall", url: onCall.url },
      })
      const tested = yield* send(`POST /api/channels/${body.id}/test`)
      assert.deepStrictEqual(tested.body, {
        delivered: true,
        message: "the alert that it opened there was told to end",
      })
      const [first, last] = onCall.received.map((text) => JSON.parse(text))
      assert.lengthOf(onCall.received, 2)
      assert.deepStrictEqual([first.state, last.state], ["alerting", "ok"])
      assert.strictEqual(last.alert_uid, first.alert_uid)

      const refusing = yield* receiver(200, "Ok.", 400)
      const config = { kind: "grafanaOnCall", url: refusing.url }
      yield* send(`PUT /api/channels/${body.id}`, { config })
      assert.deepStrictEqual((yield* send(`POST /api/channels/${body.id}/test`)).body, {
        delivered: true,
        message: "the alert that it opened there could not be ended (refused with status 400): close it there",
      })
    }),
  )

  it.scopedLive("and their messages are listed newest first, page by page, each once", () =>
    Effect.gen(function* () {
      const { person, send, stores } = yield* loggedIn()
      const ids: Array<string> = []
      for (let i = 0; i < 5; i++)
        ids.unshift((yield* send("POST /api/channels", { name: `${i}`, config: webhook })).body.id)
      const listed = yield* walk(send, "GET /api/channels", 2)
      assert.deepStrictEqual(
        listed.items.map((item) => Object(item).id),
        ids,
      )
      assert.strictEqual(listed.pages, 3)

      const [first = ""] = ids
      const incident = yield* Effect.provide(insertIncident(person.id, "web is down"), stores)
      yield* Effect.provide(
        Effect.flatMap(
          SqlClient,
          (sql) => sql`
            INSERT INTO alert_outbox (incident_id, change, channel_id, at, due_at, next_attempt_at, state, last_error)
            SELECT ${IncidentId.make(incident)}, 'reminder:' || n, ${ChannelId.make(first)}, now(), now(), now(), 'dead', 'status 500'
            FROM generate_series(1, 5) AS n ORDER BY n`,
        ),
        stores,
      )
      const messages = yield* walk(send, `GET /api/channels/${first}/deliveries`, 2)
      assert.deepStrictEqual(
        messages.items.map((item) => Object(item).change),
        [5, 4, 3, 2, 1].map((n) => `reminder:${n}`),
      )
      assert.deepInclude(messages.items[0], {
        incidentId: incident,
        channelId: first,
        channelName: "4",
        isChannelDeleted: false,
        state: "dead",
        lastError: "status 500",
        nextTryAt: null,
      })
      assert.strictEqual(messages.pages, 3)
      yield* Effect.provide(
        Effect.flatMap(
          SqlClient,
          (sql) => sql`
            UPDATE alert_outbox SET state = 'pending', next_attempt_at = '2026-03-01T12:00:00Z' WHERE change = 'reminder:4'`,
        ),
        stores,
      )
      const waiting = (yield* send(`GET /api/channels/${first}/deliveries`)).body.items[1]
      assert.deepInclude(waiting, { state: "pending", nextTryAt: "2026-03-01T12:00:00.000Z" })
      yield* Effect.provide(
        Effect.flatMap(SqlClient, (sql) => sql`UPDATE alert_outbox SET state = 'dead' WHERE change = 'reminder:4'`),
        stores,
      )
      const latest = yield* send("GET /api/channels/latest-deliveries")
      assert.deepStrictEqual([latest.status, latest.body], [200, { items: [messages.items[0]] }], latest.text)

      // Deleted, it is gone from everywhere but the incident that it was told of, and its name is free.
      const steps = [{ afterMinutes: 5, channels: [first, ids[1]] }]
      const policy = yield* send("POST /api/escalations", { name: "on call", steps })
      const monitor = yield* send("POST /api/monitor", { url: "https://example.com/", alerts: { channels: [first] } })
      assert.deepStrictEqual([policy.status, monitor.status], [201, 201])
      assert.strictEqual((yield* send(`DELETE /api/channels/${first}`)).status, 204)
      for (const route of [`GET /api/channels/${first}`, `GET /api/channels/${first}/deliveries`]) {
        assert.strictEqual((yield* send(route)).status, 404)
      }
      assert.strictEqual((yield* send(`POST /api/channels/${first}/test`)).status, 404)
      assert.strictEqual((yield* send(`PUT /api/channels/${first}`, { name: "x" })).status, 404)
      assert.deepStrictEqual((yield* send(`GET /api/escalations/${policy.body.id}`)).body.steps[0].channels, [ids[1]])
      assert.deepStrictEqual((yield* send(`GET /api/monitor/${monitor.body.id}`)).body.alerts.channels, [])
      const told = (yield* send(`GET /api/incidents/${incident}`)).body.deliveries
      assert.lengthOf(told, 5)
      assert.deepInclude(told[0], { channelId: first, channelName: "4", isChannelDeleted: true })
      assert.strictEqual((yield* send("POST /api/channels", { name: "4", config: webhook })).status, 201)
    }),
  )
})
