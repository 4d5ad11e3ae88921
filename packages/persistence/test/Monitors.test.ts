import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import { ChannelId, EscalationId, type MonitorId } from "@uptime/domain/Ids"
import type { Monitor, MonitorSettings } from "@uptime/domain/Monitor"
import type { MonitorChanges } from "@uptime/domain/MonitorChanges"
import { defaultAlertRules } from "@uptime/domain/MonitorDefaults"
import { MonitorOverview } from "@uptime/domain/MonitorOverview"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import { slotAfter, slotGrid } from "@uptime/domain/Slot"
import { Effect, Schema } from "effect"
import { DueMonitors } from "../src/DueMonitors.ts"
import type { ListedMonitor } from "../src/MonitorListing.ts"
import { type MonitorCursor, Monitors, maxMonitorsPerUser } from "../src/Monitors.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { backends } from "./Backends.ts"
import {
  believeAtOnce,
  createdOf,
  databaseNow,
  india,
  intervalsOf,
  makeMonitor,
  makeOwnMonitor,
  makeUser,
  result,
  services,
  settings,
  statusOf,
  unknownMonitorId,
} from "./Fixtures.ts"

const minute = 60_000

const nextCheckAt = (id: MonitorId) =>
  Effect.flatMap(SqlClient, (sql) =>
    Effect.map(
      sql<{ readonly at: number; readonly version: number }>`
        SELECT round(date_part('epoch', next_check_at) * 1000) AS at, config_version AS version
        FROM monitors WHERE id = ${id}`,
      ([row]) => row ?? { at: Number.NaN, version: Number.NaN },
    ),
  )

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(services(database), { excludeTestServices: true, timeout: "60 seconds" })("Monitors", (it) => {
      it.effect("stores monitors as they were given, in the order given, and leaves them to the caller for 5 s", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitors = yield* Monitors
          const given = [
            settings({ name: "Ü 🦆 'quoted' \"x\"", tags: ["b", "a,b", '{"c"}'], intervalSeconds: 10, group: "Shop" }),
            settings({ name: "second", enabled: false, timeoutMs: 500 }),
            settings({
              name: "third",
              check: { http: { headers: [{ name: "X", value: "\\u0000" }] } },
              confirmation: { failures: 1, successes: 10, retrySeconds: 86_400, minRegions: 64 },
              alerts: { on: ["Down", "Partial"], channels: [], escalationId: null, reminderMinutes: 5, fold: false },
            }),
          ]
          const before = yield* databaseNow
          const created = yield* monitors.create(user.id, given)
          const asGiven = created.map(
            ({ monitor: { conditions, createdAt, http, id, kind, updatedAt, userId, ...rest } }): MonitorSettings => ({
              ...rest,
              check: { ...(http && { http: { headers: http.headers ?? [] } }) },
            }),
          )
          assert.deepStrictEqual(asGiven, given)
          for (const { configVersion, firstSlot, monitor } of created) {
            assert.strictEqual(configVersion, 1)
            assert.strictEqual(firstSlot, monitor.createdAt.epochMillis)
            assert.isAtLeast(firstSlot, before - 1)
            assert.strictEqual((yield* nextCheckAt(monitor.id)).at, firstSlot + 5000)
          }
          const fresh = yield* monitors.get(user.id, created[0]?.monitor.id ?? (yield* unknownMonitorId))
          assert.deepInclude(fresh, {
            status: "Unknown",
            since: null,
            overlay: null,
            flapping: false,
            locations: [],
            latest: null,
          })
          const off = yield* intervalsOf(created[1]?.monitor.id ?? (yield* unknownMonitorId), "*")
          assert.deepStrictEqual(
            off.map(({ state }) => state),
            ["Paused"],
          )
          const paused = yield* monitors.get(user.id, created[1]?.monitor.id ?? (yield* unknownMonitorId))
          assert.strictEqual(fresh.nextCheckAt?.epochMillis, (created[0]?.firstSlot ?? 0) + 5000)
          assert.isNull(paused.nextCheckAt)
        }),
      )

      it.effect(
        "holds the quota against many who create at once",
        () =>
          Effect.gen(function* () {
            const user = yield* makeUser
            const monitors = yield* Monitors
            const sql = yield* SqlClient
            yield* sql`UPDATE users SET monitor_count = ${maxMonitorsPerUser - 20} WHERE id = ${user.id}`
            const answers = yield* Effect.forEach(
              Array.from({ length: 50 }),
              () => Effect.either(monitors.create(user.id, [settings({ enabled: false })])),
              { concurrency: "unbounded" },
            )
            assert.lengthOf(
              answers.filter(({ _tag }) => _tag === "Right"),
              20,
            )
            for (const answer of answers) {
              if (answer._tag === "Left") assert.strictEqual(answer.left._tag, "TooManyMonitors")
            }
            const [count] = yield* sql<{ readonly n: number }>`
            SELECT count(*) AS n FROM monitors WHERE user_id = ${user.id}`
            assert.strictEqual(count?.n, 20)
            const [first] = yield* monitors.list(user.id, {}, 1, null)
            if (first !== undefined) yield* monitors.remove(user.id, [first.id])
            assert.lengthOf(yield* monitors.create(user.id, [settings()]), 1)
            yield* Effect.flip(monitors.create(user.id, [settings()]))
          }),
        { timeout: 60_000 },
      )

      it.effect("lists newest first, page by page, each monitor once", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitors = yield* Monitors
          const stranger = yield* makeUser
          yield* makeMonitor(stranger.id)
          const made: Array<MonitorId> = []
          // Three of one instant, so that a page ends between equals.
          for (const n of [1, 3, 1]) {
            const created = yield* monitors.create(
              user.id,
              Array.from({ length: n }, () => settings()),
            )
            made.unshift(
              ...created
                .map(({ monitor }) => monitor.id)
                .sort()
                .reverse(),
            )
          }
          const listed: Array<MonitorId> = []
          let after: MonitorCursor | null = null
          for (let page = 0; page < 4; page++) {
            const items: ReadonlyArray<ListedMonitor> = yield* monitors.list(user.id, {}, 2, after)
            listed.push(...items.map(({ id }) => id))
            after = items.at(-1) ?? after
          }
          assert.deepStrictEqual(listed, made)
        }),
      )

      it.effect("filters by text as a plain substring in any case, by tag and by status", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitors = yield* Monitors
          const a = yield* makeMonitor(user.id, { name: "100% Shop_1", tags: ["prod", "eu"] })
          const b = yield* makeMonitor(user.id, {
            name: "1000 ShopX1",
            url: MonitorUrl.to.make("https://b.example/a_b"),
          })
          const c = yield* makeMonitor(user.id, {
            name: "back\\slash",
            enabled: false,
            group: "Shop",
            url: MonitorUrl.to.make("tcp://c.example:25"),
          })
          const store = yield* ResultStore
          yield* store.insert([result(b.id, (yield* databaseNow) - minute, "Down")])
          const found = (filter: Parameters<typeof monitors.list>[1]) =>
            Effect.map(monitors.list(user.id, filter, 10, null), (items) => items.map(({ id }) => id).sort())
          assert.deepStrictEqual(yield* found({ text: "shop" }), [a.id, b.id].sort())
          assert.deepStrictEqual(yield* found({ text: "SHOP_1" }), [a.id])
          assert.deepStrictEqual(yield* found({ text: "0%" }), [a.id])
          assert.deepStrictEqual(yield* found({ text: "A_B" }), [b.id])
          assert.deepStrictEqual(yield* found({ text: "k\\s" }), [c.id])
          assert.deepStrictEqual(yield* found({ tag: "eu" }), [a.id])
          assert.deepStrictEqual(yield* found({ tag: "e" }), [])
          assert.deepStrictEqual(yield* found({ group: "Shop" }), [c.id])
          assert.deepStrictEqual(yield* found({ group: "shop" }), [])
          assert.deepStrictEqual(yield* found({ kind: "tcp" }), [c.id])
          assert.deepStrictEqual(yield* found({ kind: "http" }), [a.id, b.id].sort())
          assert.deepStrictEqual(yield* found({ status: "Partial" }), [])
          assert.deepStrictEqual(yield* found({ status: "Down" }), [b.id])
          assert.deepStrictEqual(yield* found({ status: "Unknown" }), [a.id, c.id].sort())
          assert.deepStrictEqual(yield* found({ status: "Unknown", tag: "prod", text: "%" }), [a.id])
        }),
      )

      it.effect("shows each location's status and newest result, and the newest of all", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id)
          const now = yield* databaseNow
          yield* (yield* ResultStore).insert([
            result(monitor.id, now - 3 * minute),
            result(monitor.id, now - 2 * minute, "Down", { region: india }),
            result(monitor.id, now - minute, "Down", { region: india }),
          ])
          const overview = yield* (yield* Monitors).get(user.id, monitor.id)
          assert.deepStrictEqual(
            overview.locations.map(({ latest, location, since, status }) => [
              location,
              status,
              since.epochMillis,
              latest.scheduledAt.epochMillis,
            ]),
            [
              ["India", "Down", now - 2 * minute, now - minute],
              ["USA", "Up", now - 3 * minute, now - 3 * minute],
            ],
          )
          assert.strictEqual(overview.latest?.location, "India")
          // One against one is a tie: down where it was, and shown.
          assert.deepInclude(overview, { status: "Partial" })
          assert.strictEqual(overview.since?.epochMillis, now - 2 * minute)
        }),
      )

      it.effect("lists each monitor as it is by itself, whatever it is called and has seen", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitors = yield* Monitors
          const sql = yield* SqlClient
          const now = yield* databaseNow
          const store = yield* ResultStore
          const quoted = yield* makeMonitor(user.id, {
            name: '"quoted" \\ / é 🙂',
            tags: ['a "tag"', "b"],
            group: "{}",
            check: {
              http: {
                method: "POST",
                auth: { type: "basic", username: "ann", password: { sealed: "v1.sealed" } },
                headers: [{ name: "X-A", value: '"' }],
              },
              conditions: [{ condition: '[BODY].name == "x"', severity: "Down" }],
            },
          })
          const [monitor, paused, beat, flapping, silent] = yield* Effect.all(
            Array.from({ length: 5 }, () => makeMonitor(user.id)),
          )
          if (
            monitor === undefined ||
            paused === undefined ||
            beat === undefined ||
            flapping === undefined ||
            silent === undefined
          ) {
            return yield* Effect.dieMessage("five monitors were made")
          }
          yield* believeAtOnce([flapping.id])
          yield* store.insert([
            result(quoted.id, now - 3 * minute, "Down", {
              outcome: { errorMessage: 'said "no" \\ \t é', errorKind: "condition", httpStatus: 503 },
            }),
            result(quoted.id, now - 2 * minute, "Up", { region: india }),
            result(monitor.id, now - 2 * minute, "Up", {
              outcome: {
                responseTimeMs: 12.345,
                phases: { dns: 0.5, connect: 1, tls: 1e-3, firstByte: 7.25, transfer: 0 },
                certificateExpiresAt: now + 1e9,
              },
            }),
            result(monitor.id, now - 2 * minute, "Up", { region: india }),
            result(monitor.id, now - minute, "Down"),
            result(flapping.id, now - minute, "Unknown"),
          ])
          yield* sql`UPDATE monitors SET kind = 'heartbeat', url = 'heartbeat://' WHERE id = ${beat.id}`
          yield* sql`INSERT INTO monitor_flapping (monitor_id, changes, since) VALUES (${flapping.id}, '{}', now())`
          yield* sql`UPDATE monitor_status SET overlay = 'Maintenance' WHERE monitor_id = ${flapping.id} AND location = '*'`
          yield* monitors.update(user.id, [{ id: paused.id, settings: { enabled: false } }])
          const listed = yield* monitors.list(user.id, {}, 10, null)
          const shown = yield* Effect.forEach(listed, decodeListed)
          const single = yield* Effect.forEach(listed, ({ id }) => monitors.get(user.id, id))
          assert.lengthOf(listed, 6)
          assert.deepStrictEqual(shown, single)
          assert.deepStrictEqual(
            listed.map(({ createdAt }) => createdAt),
            single.map(({ createdAt }) => createdAt.epochMillis),
          )
          assert.isFalse(listed.some((one) => textOf(one).includes("v1.sealed")))
        }),
      )

      it.effect("lists each monitor as it is now, whatever has changed since it was listed before", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitors = yield* Monitors
          const sql = yield* SqlClient
          const now = yield* databaseNow
          const [monitor, other, deleted] = yield* Effect.all(Array.from({ length: 3 }, () => makeMonitor(user.id)))
          if (monitor === undefined || other === undefined || deleted === undefined) {
            return yield* Effect.dieMessage("three monitors were made")
          }
          const { id } = monitor
          const insert = (rows: ReadonlyArray<ReturnType<typeof result>>) =>
            Effect.flatMap(ResultStore, (store) => store.insert(rows))
          const changes: Readonly<Record<string, Effect.Effect<unknown, unknown, ResultStore>>> = {
            nothing: Effect.void,
            "a first result": insert([result(id, now - 3 * minute)]),
            "another region's": insert([result(id, now - 3 * minute, "Up", { region: india })]),
            "a next one": insert([result(id, now - 2 * minute, "Down", { region: india })]),
            "a name": monitors.update(user.id, [{ id, settings: { name: "another" } }]),
            "a secret": monitors.update(user.id, [
              { id, settings: { http: { auth: { type: "bearer", token: { sealed: "v1.sealed" } } } } },
            ]),
            "the next check": sql`UPDATE monitors SET next_check_at = next_check_at + interval '1 minute' WHERE id = ${id}`,
            flapping: sql`INSERT INTO monitor_flapping (monitor_id, changes, since) VALUES (${id}, '{}', now())`,
            "flapping's end": sql`UPDATE monitor_flapping SET since = NULL WHERE monitor_id = ${id}`,
            maintenance: sql`UPDATE monitor_status SET overlay = 'Maintenance' WHERE monitor_id = ${id} AND location = '*'`,
            pause: monitors.update(user.id, [{ id, settings: { enabled: false } }]),
            deletion: monitors.remove(user.id, [deleted.id]),
          }
          let before: ReadonlyArray<string> = []
          for (const [name, change] of Object.entries(changes)) {
            yield* change
            const listed = yield* monitors.list(user.id, {}, 10, null)
            const shown = yield* Effect.forEach(listed, decodeListed)
            assert.deepStrictEqual(shown, yield* Effect.forEach(listed, (one) => monitors.get(user.id, one.id)), name)
            assert.strictEqual(yield* monitors.list(user.id, {}, 10, null), listed, name)
            const texts = listed.map(textOf)
            if (name !== "nothing") assert.notDeepEqual(texts, before, name)
            assert.deepStrictEqual(
              listed.map((one) => one.id).sort(),
              (name === "deletion" ? [id, other.id] : [id, other.id, deleted.id]).sort(),
            )
            before = texts
          }
          assert.isFalse(before.some((json) => json.includes("v1.sealed")))
          // As many as there are, and one more than there are: not the same answer to whether there are more.
          const [all, more] = [yield* monitors.list(user.id, {}, 2, null), yield* monitors.list(user.id, {}, 3, null)]
          assert.deepStrictEqual(all, more)
          assert.notStrictEqual(all, more)
        }),
      )

      it.effect("changes what a change names, all or none", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitors = yield* Monitors
          const a = yield* makeMonitor(user.id, { tags: ["x"] })
          const b = yield* makeMonitor(user.id)
          const [renamed, , again] = yield* monitors.update(user.id, [
            { id: a.id, settings: { name: "new name" } },
            { id: b.id, settings: { timeoutMs: 5000 } },
            { id: a.id, settings: { tags: [] } },
          ])
          assert.deepInclude(renamed ?? {}, { id: a.id, name: "new name", tags: [], url: a.url })
          assert.deepStrictEqual(again, renamed)
          assert.isAtLeast(renamed?.updatedAt.epochMillis ?? 0, a.updatedAt.epochMillis)
          const missing = yield* unknownMonitorId
          const failed = yield* Effect.flip(
            monitors.update(user.id, [
              { id: a.id, settings: { name: "never" } },
              { id: missing, settings: { name: "never" } },
            ]),
          )
          assert.deepInclude(failed, { _tag: "MonitorNotFound", monitorId: missing })
          assert.strictEqual((yield* monitors.get(user.id, a.id)).name, "new name")
        }),
      )

      it.effect("raises the version for what is checked, and makes due for when it is checked", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitors = yield* Monitors
          const monitor = yield* makeMonitor(user.id)
          yield* monitors.markPublished([createdOf(monitor)])
          const later = slotAfter(slotGrid(monitor.id, 60), monitor.createdAt.epochMillis)
          const change = (given: MonitorChanges) =>
            Effect.zipRight(monitors.update(user.id, [{ id: monitor.id, settings: given }]), nextCheckAt(monitor.id))
          assert.deepStrictEqual(yield* nextCheckAt(monitor.id), { at: later, version: 1 })
          assert.deepStrictEqual(yield* change({ name: "x", tags: ["t"] }), { at: later, version: 1 })
          assert.deepStrictEqual(yield* change({ url: MonitorUrl.to.make("https://other.example/") }), {
            at: later,
            version: 2,
          })
          assert.deepStrictEqual(yield* change({ timeoutMs: 1234 }), { at: later, version: 3 })
          assert.deepStrictEqual(yield* change({ http: { method: "HEAD" } }), { at: later, version: 4 })
          const conditions = [{ condition: "[STATUS] == 200", severity: "Down" }] as const
          assert.deepStrictEqual(yield* change({ conditions }), { at: later, version: 5 })
          const same: MonitorChanges = {
            conditions,
            http: { method: "HEAD" },
            timeoutMs: 1234,
            group: "g",
            confirmation: { failures: 9 },
          }
          assert.deepStrictEqual(yield* change(same), { at: later, version: 5 })
          assert.isAtMost((yield* change({ intervalSeconds: 30 })).at, yield* databaseNow)
        }),
      )

      it.effect("is not changed, nor younger, by what it says already", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitors = yield* Monitors
          const monitor = yield* makeMonitor(user.id, {
            check: { http: { auth: { type: "bearer", token: { sealed: "v1:AAAA" } } } },
            tags: ["a"],
          })
          yield* Effect.flatMap(SqlClient, (sql) => sql`UPDATE monitors SET updated_at = created_at - interval '1 day'`)
          const before = yield* monitors.get(user.id, monitor.id)
          assert.deepStrictEqual(before.http, { auth: { type: "bearer", token: "********" } })
          const [after] = yield* monitors.update(user.id, [
            {
              id: monitor.id,
              settings: { tags: ["a"], http: { auth: { type: "bearer", token: { kept: true } } }, group: null },
            },
          ])
          assert.strictEqual(after?.updatedAt.epochMillis, before.updatedAt.epochMillis)
          assert.strictEqual((yield* nextCheckAt(monitor.id)).version, 1)
          const refused = yield* Effect.flip(
            monitors.update(user.id, [
              { id: monitor.id, settings: { name: "never" } },
              { id: monitor.id, settings: { tcp: {} } },
            ]),
          )
          assert.strictEqual(refused._tag, "ChangesRefused")
          assert.deepStrictEqual(
            refused._tag === "ChangesRefused" ? refused.refused.map(({ index }) => index) : [],
            [1],
          )
          assert.strictEqual((yield* monitors.get(user.id, monitor.id)).name, "A monitor")
        }),
      )

      it.effect("lies behind monitors of its owner, and never behind itself", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitors = yield* Monitors
          const a = yield* makeMonitor(user.id, { name: "a" })
          const b = yield* makeMonitor(user.id, { name: "b", parents: [a.id] })
          const c = yield* makeMonitor(user.id, { name: "c", parents: [b.id, a.id] })
          assert.deepStrictEqual((yield* monitors.get(user.id, c.id)).parents, [b.id, a.id])
          const put = (...changes: ReadonlyArray<readonly [Monitor, ReadonlyArray<Monitor>]>) =>
            monitors.update(
              user.id,
              changes.map(([{ id }, parents]) => ({ id, settings: { parents: parents.map((parent) => parent.id) } })),
            )
          const cycle = yield* Effect.flip(put([b, [a]], [a, [c]]))
          assert.deepInclude(cycle, { _tag: "ParentCycle" })
          if (cycle._tag === "ParentCycle") {
            assert.strictEqual(cycle.monitors[0]?.id, cycle.monitors.at(-1)?.id)
            assert.includeMembers(
              ["a", "b", "c"],
              cycle.monitors.map(({ name }) => name),
            )
          }
          assert.strictEqual((yield* Effect.flip(put([a, [a]])))._tag, "ParentCycle")
          // Turned around as a whole there is no circle.
          yield* put([a, [b]], [b, [c]], [c, []])
          assert.deepStrictEqual((yield* monitors.get(user.id, a.id)).parents, [b.id])

          const foreign = yield* makeOwnMonitor()
          for (const id of [foreign.id, yield* unknownMonitorId]) {
            const changed = yield* Effect.flip(monitors.update(user.id, [{ id: c.id, settings: { parents: [id] } }]))
            const created = yield* Effect.flip(monitors.create(user.id, [settings({ parents: [id] })]))
            for (const refused of [changed, created]) {
              assert.isTrue(
                refused._tag === "ReferenceNotFound" && refused.what === "parent" && refused.id === id,
                refused._tag,
              )
            }
          }
        }),
      )

      it.effect("tells channels and escalations of its owner alone", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const user = yield* makeUser
          const stranger = yield* makeUser
          const monitors = yield* Monitors
          const channel = ChannelId.make(randomUUID())
          const escalation = EscalationId.make(randomUUID())
          yield* sql`
            INSERT INTO channels (id, user_id, kind, name, config, enabled, is_default, created_at, updated_at)
            VALUES (${channel}, ${user.id}, 'webhook', 'c', '{}', true, false, now(), now())`
          yield* sql`
            INSERT INTO escalations (id, user_id, name, steps, created_at, updated_at)
            VALUES (${escalation}, ${user.id}, 'e', '[]', now(), now())`
          const alerts = { ...defaultAlertRules, channels: [channel], escalationId: escalation }
          const own = yield* makeMonitor(user.id, { alerts })
          assert.deepStrictEqual((yield* monitors.get(user.id, own.id)).alerts, alerts)
          yield* makeMonitor(user.id)
          const using = yield* monitors.list(user.id, { escalationId: escalation }, 10, null)
          assert.deepStrictEqual(
            using.map(({ id }) => id),
            [own.id],
          )
          assert.deepStrictEqual(yield* monitors.list(stranger.id, { escalationId: escalation }, 10, null), [])
          const theirs = yield* makeMonitor(stranger.id)
          for (const [what, given] of [
            ["channel", { channels: [channel] }],
            ["escalation", { escalationId: escalation }],
          ] as const) {
            const changed = monitors.update(stranger.id, [{ id: theirs.id, settings: { alerts: given } }])
            const refused = yield* Effect.flip(changed)
            assert.isTrue(refused._tag === "ReferenceNotFound" && refused.what === what, refused._tag)
          }
          // What was deleted since is in nobody's way.
          yield* sql`DELETE FROM channels WHERE id = ${channel}`
          yield* monitors.update(user.id, [{ id: own.id, settings: { alerts } }])
        }),
      )

      it.effect("shows what is being confirmed, what lies over it, and that it flaps", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const user = yield* makeUser
          const monitors = yield* Monitors
          const [created] = yield* monitors.create(user.id, [settings()])
          if (created === undefined) return yield* Effect.dieMessage("no monitor was made")
          const { id } = created.monitor
          const now = yield* databaseNow
          yield* (yield* ResultStore).insert([
            result(id, now - 2 * minute),
            result(id, now - minute, "Down"),
            result(id, now - 2 * minute, "Up", { region: india }),
          ])
          yield* sql`UPDATE monitor_status SET overlay = 'Maintenance' WHERE monitor_id = ${id}`
          yield* sql`INSERT INTO monitor_flapping (monitor_id, changes, since) VALUES (${id}, '{}', now())`
          const shown = yield* monitors.get(user.id, id)
          assert.deepInclude(shown, { status: "Up", overlay: "Maintenance", flapping: true })
          assert.deepStrictEqual(
            JSON.parse(JSON.stringify(shown.locations.map(({ confirming, status }) => ({ confirming, status })))),
            [
              { confirming: null, status: "Up" },
              {
                confirming: { status: "Down", since: new Date(now - minute).toISOString(), count: 1 },
                status: "Up",
              },
            ],
          )
        }),
      )

      it.effect("leaves a monitor alone that was claimed or changed before its first publication was noted", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitors = yield* Monitors
          const monitor = yield* makeMonitor(user.id, { intervalSeconds: 86_400 })
          yield* monitors.leaveToProducer([createdOf(monitor)])
          yield* (yield* DueMonitors).claim(100, () => Effect.void)
          const claimed = yield* nextCheckAt(monitor.id)
          assert.isAbove(claimed.at, monitor.createdAt.epochMillis + 5000)
          yield* monitors.markPublished([createdOf(monitor)])
          yield* monitors.leaveToProducer([createdOf(monitor)])
          assert.deepStrictEqual(yield* nextCheckAt(monitor.id), claimed)

          const other = yield* makeMonitor(user.id)
          yield* monitors.update(user.id, [{ id: other.id, settings: { intervalSeconds: 86_400 } }])
          const due = yield* nextCheckAt(other.id)
          assert.isAtMost(due.at, yield* databaseNow)
          yield* monitors.markPublished([createdOf(other)])
          yield* monitors.leaveToProducer([createdOf(other)])
          assert.deepStrictEqual(yield* nextCheckAt(other.id), due)
        }),
      )

      it.effect("records a pause and its end in every location, and goes on with the first result after", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitors = yield* Monitors
          const store = yield* ResultStore
          const monitor = yield* makeMonitor(user.id)
          const start = (yield* databaseNow) - 5 * minute
          yield* store.insert([result(monitor.id, start), result(monitor.id, start + 1000, "Down", { region: india })])
          yield* monitors.update(user.id, [{ id: monitor.id, settings: { enabled: false } }])
          yield* monitors.update(user.id, [{ id: monitor.id, settings: { enabled: false, name: "off" } }])
          for (const location of ["*", "USA", "India"]) {
            assert.strictEqual((yield* statusOf(monitor.id, location))?.status, "Unknown")
          }
          const due = yield* (yield* DueMonitors).claim(1000, () => Effect.void)
          assert.isAtLeast(due.claimed, 0)
          yield* monitors.update(user.id, [{ id: monitor.id, settings: { enabled: true } }])
          // What was on its way when the monitor was turned off says nothing about the time after.
          yield* store.insert([result(monitor.id, start + minute, "Down")])
          assert.strictEqual((yield* statusOf(monitor.id, "USA"))?.status, "Unknown")
          const again = yield* nextCheckAt(monitor.id)
          yield* store.insert([result(monitor.id, again.at)])
          const usaIntervals = yield* intervalsOf(monitor.id, "USA")
          assert.strictEqual(usaIntervals.at(-1)?.state, "Up")
          for (const location of ["*", "USA", "India"]) {
            const intervals = yield* intervalsOf(monitor.id, location)
            const states = intervals.map(({ state }) => state)
            const before = { "*": ["Up", "Partial"], USA: ["Up"], India: ["Down"] }[location]
            assert.deepStrictEqual(states.slice(0, states.indexOf("Paused")), before)
            assert.lengthOf(
              intervals.filter(({ endedAt }) => endedAt === null),
              1,
            )
            for (const [i, { endedAt, startedAt }] of intervals.entries()) {
              assert.strictEqual(endedAt, intervals[i + 1]?.startedAt ?? null)
              assert.isTrue(endedAt === null || endedAt >= startedAt)
            }
          }
          assert.deepInclude(yield* monitors.get(user.id, monitor.id), { status: "Up", enabled: true })
        }),
      )

      it.effect("deletes all or none", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitors = yield* Monitors
          const a = yield* makeMonitor(user.id)
          const b = yield* makeMonitor(user.id)
          const missing = yield* unknownMonitorId
          const failed = yield* Effect.flip(monitors.remove(user.id, [a.id, missing]))
          assert.deepInclude(failed, { _tag: "MonitorNotFound", monitorId: missing })
          yield* monitors.remove(user.id, [a.id, a.id])
          assert.strictEqual((yield* Effect.flip(monitors.get(user.id, a.id)))._tag, "MonitorNotFound")
          assert.deepStrictEqual(
            (yield* monitors.list(user.id, {}, 10, null)).map(({ id }) => id),
            [b.id],
          )
        }),
      )

      it.effect("deletes a monitor from among the parents of others, and out of open incidents", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const user = yield* makeUser
          const monitors = yield* Monitors
          const a = yield* makeMonitor(user.id)
          const b = yield* makeMonitor(user.id)
          const child = yield* makeMonitor(user.id, { parents: [a.id, b.id] })
          const [open, over] = [randomUUID(), randomUUID()]
          for (const id of [open, over]) {
            yield* sql`
              INSERT INTO incidents (id, user_id, key, title, severity, started_at, noticed_at, tell_at, resolved_at,
                updated_at)
              VALUES (${id}, ${user.id}, 'k', 't', 'Down', now(), now(), now(),
                ${id === over ? sql`now()` : sql`NULL`}, now())`
            for (const monitor of [a, child]) {
              yield* sql`
                INSERT INTO incident_monitors (incident_id, monitor_id, name, url, role, severity, started_at, news_at)
                VALUES (${id}, ${monitor.id}, 'n', 'u', 'failing', 'Down', now(), now())`
            }
          }
          const asked = sql<{ readonly id: MonitorId }>`
            SELECT monitor_id AS id FROM judge_requests WHERE user_id = ${user.id}`
          yield* monitors.update(user.id, [{ id: child.id, settings: { name: "c", parents: [a.id, b.id] } }])
          assert.deepStrictEqual(yield* asked, [])
          yield* monitors.update(user.id, [{ id: child.id, settings: { parents: [b.id, a.id] } }])
          assert.deepStrictEqual(yield* asked, [{ id: child.id }])
          yield* monitors.remove(user.id, [a.id])
          assert.deepStrictEqual(yield* asked, [{ id: child.id }, { id: child.id }])
          assert.deepStrictEqual((yield* monitors.get(user.id, child.id)).parents, [b.id])
          const parts = yield* sql<{ readonly part: string }>`
            SELECT concat_ws(' ', resolved_at IS NULL, look_at IS NOT NULL, monitor_id = ${a.id}, ended_at IS NOT NULL) AS part
            FROM incidents JOIN incident_monitors ON incident_id = id WHERE user_id = ${user.id} ORDER BY 1`
          assert.deepStrictEqual(
            parts.map(({ part }) => part),
            ["f f f f", "f f t f", "t t f f", "t t t t"],
          )
          yield* monitors.remove(user.id, [b.id, child.id])
        }),
      )

      it.effect("answers a stranger exactly as if the monitor did not exist", () =>
        Effect.gen(function* () {
          const owner = yield* makeUser
          const stranger = yield* makeUser
          const monitors = yield* Monitors
          const monitor = yield* makeMonitor(owner.id)
          const calls = (id: MonitorId) =>
            Effect.all([
              Effect.flip(monitors.get(stranger.id, id)),
              Effect.flip(monitors.assertOwned(stranger.id, id)),
              Effect.flip(monitors.update(stranger.id, [{ id, settings: { name: "mine" } }])),
              Effect.flip(monitors.remove(stranger.id, [id])),
            ])
          const missing = yield* unknownMonitorId
          const unknown = (yield* calls(missing)).map((error) => JSON.stringify(error).replaceAll(missing, "id"))
          const foreign = (yield* calls(monitor.id)).map((error) => JSON.stringify(error).replaceAll(monitor.id, "id"))
          assert.deepStrictEqual(foreign, unknown)
          yield* monitors.assertOwned(owner.id, monitor.id)
          assert.strictEqual((yield* monitors.get(owner.id, monitor.id)).name, monitor.name)
        }),
      )
    })
  })
}

const textOf = ({ json }: ListedMonitor): string => new TextDecoder("utf-8", { fatal: true }).decode(json)

const decodeOverview = Schema.decodeUnknown(Schema.parseJson(MonitorOverview), { onExcessProperty: "error" })
const decodeListed = (listed: ListedMonitor) => decodeOverview(textOf(listed))
