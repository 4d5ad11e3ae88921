import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { maxMonitorsPerUser } from "@uptime/persistence/Monitors"
import { Effect } from "effect"
import { loggedIn } from "./LoggedIn.ts"

describe("the number of monitors that an account may have", () => {
  it.scopedLive("holds to the last one against fifty that are created at once, and gives room back", () =>
    Effect.gen(function* () {
      const { person, send, stores } = yield* loggedIn()
      const room = 17
      yield* Effect.flatMap(
        SqlClient,
        (sql) => sql`UPDATE users SET monitor_count = ${maxMonitorsPerUser - room} WHERE id = ${person.id}`,
      ).pipe(Effect.provide(stores))
      const create = (n: number) => send("POST /api/monitor", { url: `https://example.com/${n}` })
      const answers = yield* Effect.forEach(
        Array.from({ length: 50 }, (_, n) => n),
        create,
        { concurrency: "unbounded" },
      )
      const created = answers.filter(({ status }) => status === 201)
      assert.lengthOf(created, room)
      for (const { body, status } of answers) {
        if (status !== 201) assert.deepStrictEqual([status, body._tag], [409, "MonitorLimitReached"])
      }
      const listed = yield* send("GET /api/monitor?limit=100")
      assert.lengthOf(listed.body.items, room)
      yield* send(`DELETE /api/monitor/${created[0]?.body.id}`)
      assert.strictEqual((yield* create(50)).status, 201)
      assert.strictEqual((yield* create(51)).status, 409)
    }).pipe(Effect.orDie),
  )
})
