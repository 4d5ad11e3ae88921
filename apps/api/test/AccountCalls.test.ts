import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { loggedIn } from "./LoggedIn.ts"
import { signUp } from "./Person.ts"
import { call } from "./World.ts"

describe("an account", () => {
  it.scopedLive("is renamed by its owner", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn()
      const { body, status } = yield* send("PUT /api/auth/me", { name: "Grace" })
      assert.deepStrictEqual([status, body.name], [200, "Grace"])
      assert.deepStrictEqual((yield* send("GET /api/auth/me")).body, body)
      assert.strictEqual((yield* send("PUT /api/auth/me", { name: "" })).status, 400)
    }),
  )

  it.scopedLive("has another password for whoever knows the old one, and no session from before", () =>
    Effect.gen(function* () {
      const { base, person, send } = yield* loggedIn()
      const { email, password, token } = person
      const login = (text: string) => call(base, "POST /api/auth/login", { json: { email, password: text } })
      const other = JSON.parse((yield* login(password)).text).token
      const wrong = yield* send("PUT /api/auth/password", { oldPassword: "wrong horse", newPassword: "a new horse" })
      assert.strictEqual(wrong.status, 400)
      assert.deepStrictEqual(wrong.body.issues, [{ path: ["oldPassword"], message: "is not your password" }])
      assert.strictEqual(
        (yield* send("PUT /api/auth/password", { oldPassword: password, newPassword: "x" })).status,
        400,
      )

      const changed = yield* call(base, "PUT /api/auth/password", {
        token,
        json: { oldPassword: password, newPassword: "a new horse" },
      })
      assert.strictEqual(changed.status, 200)
      const session = JSON.parse(changed.text)
      assert.include(changed.headers.get("set-cookie") ?? "", `token=${session.token}`)
      const me = (as: string) => Effect.map(call(base, "GET /api/auth/me", { token: as }), ({ status }) => status)
      assert.deepStrictEqual([yield* me(session.token), yield* me(token), yield* me(other)], [200, 401, 401])
      assert.strictEqual((yield* login(password)).status, 401)
      assert.strictEqual((yield* login("a new horse")).status, 200)
    }),
  )

  it.scopedLive("has no session any more when its owner ends all of them, wherever they began", () =>
    Effect.gen(function* () {
      const { base, person, send } = yield* loggedIn()
      const { email, password, token } = person
      const neighbour = yield* signUp(base)
      const login = yield* call(base, "POST /api/auth/login", { json: { email, password } })
      const other = JSON.parse(login.text).token
      const me = (as: string) => Effect.map(call(base, "GET /api/auth/me", { token: as }), ({ status }) => status)
      assert.deepStrictEqual([yield* me(token), yield* me(other)], [200, 200])

      const ended = yield* call(base, "DELETE /api/auth/sessions", { token, json: {} })
      assert.strictEqual(ended.status, 204)
      assert.match(ended.headers.get("set-cookie") ?? "", /^token=;/)
      assert.deepStrictEqual([yield* me(token), yield* me(other), yield* me(neighbour.token)], [401, 401, 200])
      assert.strictEqual((yield* send("DELETE /api/auth/sessions")).status, 401)
      assert.strictEqual((yield* call(base, "POST /api/auth/login", { json: { email, password } })).status, 200)
    }),
  )

  it.scopedLive("is deleted with all that it has, by whoever knows its password, and no other's with it", () =>
    Effect.gen(function* () {
      const { base, person, send, stores } = yield* loggedIn()
      const neighbour = yield* signUp(base)
      yield* call(base, "POST /api/monitor", { token: neighbour.token, json: { url: "https://example.org/" } })
      const { body: parent } = yield* send("POST /api/monitor", { url: "https://example.com/" })
      yield* send("POST /api/monitor", { url: "https://example.com/a", parents: [parent.id], enabled: false })
      assert.strictEqual((yield* send("DELETE /api/auth/me", { password: "wrong horse" })).status, 400)
      assert.strictEqual((yield* send("DELETE /api/auth/me")).status, 400)
      const gone = yield* call(base, "DELETE /api/auth/me", {
        token: person.token,
        json: { password: person.password },
      })
      assert.strictEqual(gone.status, 204)
      assert.match(gone.headers.get("set-cookie") ?? "", /^token=;/)
      assert.strictEqual((yield* send("GET /api/auth/me")).status, 401)
      const sql = Context.get(yield* Layer.build(stores), SqlClient.SqlClient)
      const [left] = yield* sql<{ readonly users: number; readonly monitors: number; readonly deletions: number }>`
        SELECT (SELECT count(*)::int FROM users) AS users, (SELECT count(*)::int FROM monitors) AS monitors,
          (SELECT count(*)::int FROM monitor_deletions) AS deletions`
      assert.deepStrictEqual(left, { users: 1, monitors: 1, deletions: 2 })
      assert.strictEqual((yield* call(base, "GET /api/auth/me", { token: neighbour.token })).status, 200)
      const again = { email: person.email, name: "Ada", password: person.password }
      assert.strictEqual((yield* call(base, "POST /api/auth/signup", { json: again })).status, 201)
    }),
  )
})
