import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { UserId } from "@uptime/domain/Ids"
import { DateTime, Effect, FastCheck as fc, Layer } from "effect"
import { Labels } from "../src/Labels.ts"
import { Maintenances } from "../src/Maintenances.ts"
import { Monitors } from "../src/Monitors.ts"
import { backends } from "./Backends.ts"
import { makeUser, services, settings } from "./Fixtures.ts"

const plan = { kind: "manual" as const, from: DateTime.unsafeMake(0), endedAt: null }

/** A monitor and a maintenance with these tags, and both in these groups. */
const make = (userId: UserId, tags: ReadonlyArray<string>, groups: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const [made] = yield* (yield* Monitors).create(userId, [settings({ tags, group: groups[0] ?? null })])
    const maintenance = yield* (yield* Maintenances).create(userId, {
      title: "Move",
      description: "",
      plan,
      monitorIds: [],
      tags,
      groups,
      isPublic: false,
    })
    return { monitorId: made?.monitor.id ?? "", maintenanceId: maintenance.id }
  })

/** The tags and groups of all monitors and maintenances of an owner, as they stand in the database. */
const labelsOf = (userId: UserId) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const monitors = yield* sql<{ readonly tags: ReadonlyArray<string>; readonly group: string | null }>`
      SELECT tags, group_name AS "group" FROM monitors WHERE user_id = ${userId} ORDER BY created_at, id`
    const maintenances = yield* sql<{ readonly tags: ReadonlyArray<string>; readonly groups: ReadonlyArray<string> }>`
      SELECT tags, group_names AS groups FROM maintenances WHERE user_id = ${userId} ORDER BY created_at, id`
    return { monitors, maintenances }
  })

const names = ["shop", "store", "a{b}", 'c"d', "%"]
const some = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 })

/** The same by hand. */
const renamed = (all: ReadonlyArray<string>, from: string, to: string) => [
  ...new Set(all.map((name) => (name === from ? to : name))),
]

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(Layer.provideMerge(Layer.mergeAll(Labels.layer, Maintenances.layer), services(database)), {
      excludeTestServices: true,
      timeout: "60 seconds",
    })("renaming a tag or group", (it) => {
      it.effect(
        "changes it on monitors and in maintenances of its owner, each once and in its place, and nothing else",
        () =>
          Effect.gen(function* () {
            const stranger = yield* makeUser
            yield* make(stranger.id, names, names)
            const cases = fc.sample(
              fc.tuple(
                fc.constantFrom("tag" as const, "group" as const),
                fc.array(fc.tuple(some, some), { minLength: 1, maxLength: 3 }),
                fc.constantFrom(...names),
                fc.constantFrom(...names, "new"),
              ),
              { numRuns: 15, seed: 7 },
            )
            for (const [kind, things, from, to] of cases) {
              const user = yield* makeUser
              for (const [tags, groups] of things) yield* make(user.id, tags, groups)
              const before = yield* labelsOf(user.id)
              const done = yield* (yield* Labels).rename(user.id, kind, from, to)
              const isTag = kind === "tag"
              const changes = (all: ReadonlyArray<string>) => (from === to || !all.includes(from) ? 0 : 1)
              const count = (numbers: ReadonlyArray<number>) => numbers.reduce((sum, n) => sum + n, 0)
              assert.strictEqual(
                done.monitorIds.length,
                count(before.monitors.map(({ group, tags }) => changes(isTag ? tags : group === null ? [] : [group]))),
              )
              assert.strictEqual(
                done.maintenanceCount,
                count(before.maintenances.map(({ groups, tags }) => changes(isTag ? tags : groups))),
              )
              assert.deepStrictEqual(yield* labelsOf(user.id), {
                monitors: before.monitors.map(({ group, tags }) =>
                  isTag ? { tags: renamed(tags, from, to), group } : { tags, group: group === from ? to : group },
                ),
                maintenances: before.maintenances.map(({ groups, tags }) =>
                  isTag ? { tags: renamed(tags, from, to), groups } : { tags, groups: renamed(groups, from, to) },
                ),
              })
            }
            assert.deepStrictEqual((yield* labelsOf(stranger.id)).monitors, [{ tags: names, group: "shop" }])
          }),
      )

      it.effect("is all or nothing", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const user = yield* makeUser
          yield* make(user.id, ["shop"], ["shop"])
          const before = yield* labelsOf(user.id)
          yield* sql`ALTER TABLE maintenances ADD CONSTRAINT no_refused CHECK (NOT 'refused' = ANY(tags || group_names))`.pipe(
            Effect.zipRight(Effect.flip((yield* Labels).rename(user.id, "tag", "shop", "refused"))),
            Effect.zipRight(Effect.flip((yield* Labels).rename(user.id, "group", "shop", "refused"))),
            Effect.ensuring(Effect.ignore(sql`ALTER TABLE maintenances DROP CONSTRAINT no_refused`)),
          )
          assert.deepStrictEqual(yield* labelsOf(user.id), before)
        }),
      )
    })
  })
}
