import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { PublicStatus } from "@uptime/statuspage/PublicPage"
import { DateTime, Effect, FastCheck, Layer } from "effect"
import { Housekeeping } from "../src/Housekeeping.ts"
import { Maintenances } from "../src/Maintenances.ts"
import { Monitors } from "../src/Monitors.ts"
import { PublicPages } from "../src/PublicPages.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { StatusPages } from "../src/StatusPages.ts"
import { backends } from "./Backends.ts"
import { databaseNow, india, makeMonitor, makeUser, result, services, usa } from "./Fixtures.ts"
import { pageSettings } from "./StatusPageFixtures.ts"

const minute = 60_000
const hour = 60 * minute

const viewOf = (slug: string) =>
  Effect.gen(function* () {
    const found = yield* (yield* PublicPages).find({ slug }, null)
    return found?.page?.view ?? (yield* Effect.dieMessage("the page is not there"))
  })

/** An incident of an owner's that a monitor failed in. */
const incidentOf = (
  userId: UserId,
  monitorId: MonitorId,
  given: { readonly title?: string; readonly isPublic: boolean },
) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const id = randomUUID()
    yield* sql`
      INSERT INTO incidents (id, user_id, key, title, titled_by_hand, severity, started_at, noticed_at, tell_at, is_public,
        updated_at)
      VALUES (${id}, ${userId}, ${id}, ${given.title ?? "secret-title"}, ${given.title !== undefined}, 'Down',
        now() - interval '1 hour', now(), now(), ${given.isPublic}, now())`
    yield* sql`
      INSERT INTO incident_monitors (incident_id, monitor_id, name, url, role, severity, started_at, news_at)
      VALUES (${id}, ${monitorId}, 'secret-name', 'https://secret.example/', 'failing', 'Down', now(), now())`
    return id
  })

const updateOf = (incidentId: string, kind: string, body: string, isPublic: boolean) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`
      INSERT INTO incident_updates (id, incident_id, at, kind, author, body, is_public)
      VALUES (${randomUUID()}, ${incidentId}, now(), ${kind}, 'secret-author', ${body}, ${isPublic})`,
  )

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(
      Layer.provideMerge(Layer.mergeAll(StatusPages.layer, PublicPages.layer, Maintenances.layer), services(database)),
      {
        excludeTestServices: true,
        timeout: "60 seconds",
      },
    )("public pages", (it) => {
      it.effect("show how monitors are and were, under the names that are public", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id, { intervalSeconds: 3600 })
          const silent = yield* makeMonitor(user.id, { intervalSeconds: 3600 })
          const now = yield* databaseNow
          const store = yield* ResultStore
          for (let ago = 20; ago > 0; ago--) {
            yield* store.insert([result(monitor.id, now - ago * hour, ago === 3 ? "Down" : "Up")])
          }
          // As if the producer had rolled up each of these hours when it was over.
          yield* (yield* SqlClient)`UPDATE rollup_watermarks SET up_to = up_to - interval '3 days'`
          yield* (yield* Housekeeping).rollUp
          const settings = pageSettings([], {
            sections: [
              {
                name: "Web",
                monitors: [
                  { monitorId: silent.id, name: null },
                  { monitorId: monitor.id, name: "Site" },
                ],
              },
              { name: "Empty", monitors: [] },
            ],
          })
          const page = yield* (yield* StatusPages).create(user.id, settings)
          yield* (yield* PublicPages).build(page.id)
          const view = yield* viewOf(settings.slug)
          assert.strictEqual(view.status, "Up")
          assert.deepStrictEqual(
            view.sections.map((section) => [section.name, section.items.map((item) => item.name)]),
            [
              ["Web", [silent.name, "Site"]],
              ["Empty", []],
            ],
          )
          const [unknown, site] = view.sections[0]?.items ?? []
          assert.deepInclude(unknown, { status: "Unknown", since: null, uptime90d: null })
          assert.deepInclude(site, { status: "Up", since: now - 2 * hour })
          assert.lengthOf(site?.days ?? [], 90)
          assert.strictEqual(site?.days.at(-1)?.day, new Date(view.builtAt).toISOString().slice(0, 10))
          const down = (site?.days ?? []).reduce((sum, { downSeconds }) => sum + downSeconds, 0)
          assert.strictEqual(down, 3600)
          assert.isTrue(site?.days.some(({ worst }) => worst === "Down"))
          assert.deepInclude(site, { uptime24h: 95, uptime7d: 95, uptime30d: 95, uptime90d: 95 })
          assert.isTrue(site?.response?.values.includes(100))
          assert.lengthOf(site?.response?.values ?? [], 168)
          // Each region by itself: what the other one has not seen is not known there.
          assert.isAbove(site?.regions.length ?? 0, 0)
          for (const { values } of site?.regions ?? []) {
            assert.lengthOf(values, 24)
            assert.isTrue(values.every((value) => value === null || value === 100))
            assert.isTrue(values.includes(100))
          }
          assert.deepStrictEqual(unknown?.regions, [])
        }),
      )

      it.effect("say how monitors are from each region where their owner wants it, and no more than of the whole", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id, { intervalSeconds: 3600 })
          const silent = yield* makeMonitor(user.id)
          const page = yield* (yield* StatusPages).create(user.id, pageSettings([monitor.id, silent.id]))
          const at = (yield* databaseNow) - minute
          const store = yield* ResultStore
          yield* store.insert([result(monitor.id, at, "Down", { region: india })])
          yield* store.insert([result(monitor.id, at, "Up", { region: usa })])
          const statuses = Effect.gen(function* () {
            yield* (yield* PublicPages).build(page.id)
            return (yield* viewOf(page.slug)).sections[0]?.items.map(({ regionStatuses }) => regionStatuses)
          })
          assert.deepStrictEqual(yield* statuses, [[], []])
          yield* (yield* StatusPages).update(user.id, page.id, (known) =>
            Effect.succeed({ ...known, showsRegions: true }),
          )
          const both = (indian: PublicStatus, american: PublicStatus) => [
            { name: "India", status: indian },
            { name: "USA", status: american },
          ]
          assert.deepStrictEqual(yield* statuses, [both("Down", "Up"), []])
          const overall = (state: string) =>
            sql`UPDATE state_intervals SET state = ${state} WHERE monitor_id = ${monitor.id} AND location = '*' AND ended_at IS NULL`
          yield* overall("Maintenance")
          assert.deepStrictEqual(yield* statuses, [both("Maintenance", "Maintenance"), []])
          for (const state of ["Paused", "Unreachable"]) {
            yield* overall(state)
            assert.deepStrictEqual(yield* statuses, [both("Unknown", "Unknown"), []])
          }
        }),
      )

      it.effect("are built anew when what they show changes, and every minute, and no oftener", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id, { intervalSeconds: 3600 })
          const page = yield* (yield* StatusPages).create(user.id, pageSettings([monitor.id]))
          const { buildDue, find } = yield* PublicPages
          const sql = yield* SqlClient
          yield* sql`DELETE FROM status_pages WHERE id <> ${page.id}`
          const settle = Effect.gen(function* () {
            yield* buildDue
            // As if what was noticed so far had been noticed long ago.
            yield* sql`UPDATE status_changes SET noticed_at = noticed_at - interval '1 hour'`
            yield* sql`UPDATE incidents SET updated_at = updated_at - interval '1 hour'`
            yield* sql`UPDATE maintenances SET updated_at = updated_at - interval '1 hour'`
            assert.strictEqual(yield* buildDue, 0)
          })
          yield* settle
          yield* (yield* ResultStore).insert([result(monitor.id, (yield* databaseNow) - minute, "Down")])
          assert.strictEqual(yield* buildDue, 1)
          assert.strictEqual((yield* viewOf(page.slug)).status, "Down")
          yield* settle
          const before = yield* find({ slug: page.slug }, null)
          assert.deepInclude(yield* find({ slug: page.slug }, before?.stamp ?? null), { page: null })
          yield* incidentOf(user.id, monitor.id, { isPublic: true })
          assert.strictEqual(yield* buildDue, 1)
          assert.lengthOf((yield* viewOf(page.slug)).incidents, 1)
          yield* settle
          yield* (yield* StatusPages).update(user.id, page.id, (known) => Effect.succeed({ ...known, title: "New" }))
          assert.strictEqual(yield* buildDue, 1)
          const after = yield* find({ slug: page.slug }, before?.stamp ?? null)
          assert.strictEqual(after?.page?.view.title, "New")
          yield* settle
          yield* sql`UPDATE public_pages SET built_at = built_at - interval '61 seconds'`
          assert.strictEqual(yield* buildDue, 1)
          yield* (yield* StatusPages).remove(user.id, page.id)
          assert.isNull(yield* find({ slug: page.slug }, null))
        }),
      )

      it.effect("show incidents and maintenances that were published, and of those what is public", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id, { intervalSeconds: 3600, tags: ["prod"] })
          const other = yield* makeMonitor(user.id, { intervalSeconds: 3600 })
          const page = yield* (yield* StatusPages).create(user.id, pageSettings([monitor.id]))
          const shown = yield* incidentOf(user.id, monitor.id, { isPublic: true, title: "Slow pages" })
          yield* updateOf(shown, "update", "We are at it", true)
          yield* updateOf(shown, "comment", "secret-comment", false)
          yield* incidentOf(user.id, monitor.id, { isPublic: false, title: "secret-incident" })
          yield* incidentOf(user.id, other.id, { isPublic: true, title: "secret-elsewhere" })
          const plan = {
            kind: "single" as const,
            from: DateTime.unsafeMake((yield* databaseNow) + hour),
            to: DateTime.unsafeMake((yield* databaseNow) + 2 * hour),
          }
          const planned = { description: "", plan, monitorIds: [], tags: ["prod"], groups: [] }
          const maintenances = yield* Maintenances
          yield* maintenances.create(user.id, { ...planned, title: "Moving", isPublic: true })
          yield* maintenances.create(user.id, { ...planned, title: "secret-move", isPublic: false })
          yield* (yield* PublicPages).build(page.id)
          const view = yield* viewOf(page.slug)
          const publicId = view.sections[0]?.items[0]?.publicId
          assert.deepStrictEqual(
            view.incidents.map(({ id, items, title, updates }) => ({
              id,
              items,
              title,
              updates: updates.map((u) => u.body),
            })),
            [
              { id: shown, items: [publicId], title: "Slow pages", updates: ["We are at it"] },
            ] as ReadonlyArray<unknown>,
          )
          assert.deepStrictEqual(
            view.maintenances.map(({ items, title }) => ({ items, title })),
            [{ items: [publicId], title: "Moving" }] as ReadonlyArray<unknown>,
          )
          assert.notInclude(JSON.stringify(view), "secret")
        }),
      )

      it.effect("leak nothing, whatever is in the fields that are not public", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id, { intervalSeconds: 3600 })
          const page = yield* (yield* StatusPages).create(
            user.id,
            pageSettings([], { sections: [{ name: "", monitors: [{ monitorId: monitor.id, name: "Site" }] }] }),
          )
          yield* (yield* ResultStore).insert([result(monitor.id, (yield* databaseNow) - minute, "Down")])
          const incident = yield* incidentOf(user.id, monitor.id, { isPublic: true })
          yield* updateOf(incident, "opened", "x", false)
          const words = FastCheck.sample(FastCheck.stringMatching(/^[a-z]{12}["<>&\\]?[a-z]{12}$/), {
            numRuns: 10,
            seed: 5,
          })
          for (const word of words) {
            const json = JSON.stringify(word)
            yield* sql`UPDATE users SET name = ${word}, email = ${`${word}@x.example`}, password_hash = ${word} WHERE id = ${user.id}`
            yield* sql`
              UPDATE monitors SET name = ${word}, url = ${`https://x.example/${word}`}, group_name = ${word},
                tags = ARRAY[${word}], spec = jsonb_build_object('http', ${json}::jsonb) WHERE id = ${monitor.id}`
            yield* sql`UPDATE monitor_status SET error_message = ${word}, evidence = ${json}::jsonb WHERE monitor_id = ${monitor.id}`
            yield* sql`
              UPDATE incidents SET title = ${word}, key = ${`${word}${incident}`}, acknowledged_by = ${word}, resolved_by = ${word},
                postmortem = ${word} WHERE id = ${incident}`
            yield* sql`
              UPDATE incident_monitors SET name = ${word}, url = ${word}, evidence = ${json}::jsonb
              WHERE incident_id = ${incident}`
            yield* sql`UPDATE incident_updates SET body = ${word}, author = ${word} WHERE incident_id = ${incident}`
            yield* sql`UPDATE status_pages SET password_hash = ${word}, allowed_ranges = ARRAY[${word}] WHERE id = ${page.id}`
            yield* (yield* PublicPages).build(page.id)
            const [row] = yield* sql<{
              readonly view: string
            }>`SELECT view FROM public_pages WHERE page_id = ${page.id}`
            for (const secret of [word, word.slice(0, 12), user.id, monitor.id, page.id]) {
              assert.notInclude(row?.view ?? secret, secret)
            }
          }
          const [row] = yield* sql<{ readonly view: string }>`SELECT view FROM public_pages WHERE page_id = ${page.id}`
          assert.include(row?.view, incident)
        }),
      )

      it.effect("show nothing of a monitor that was deleted", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id)
          const page = yield* (yield* StatusPages).create(user.id, pageSettings([monitor.id]))
          yield* (yield* Monitors).remove(user.id, [monitor.id])
          yield* (yield* PublicPages).build(page.id)
          assert.deepStrictEqual((yield* viewOf(page.slug)).sections, [{ name: "Web", items: [] }])
        }),
      )
    })
  })
}
