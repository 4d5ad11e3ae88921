import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { loggedIn } from "./LoggedIn.ts"

const bearer = (token: string) => ({ auth: { type: "bearer", token } })

describe("secrets in a bulk call", () => {
  it.scopedLive("that are kept go to no other scheme, host or port; each such edit is named by its index", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn()
      const make = (name: string) =>
        Effect.map(
          send("POST /api/monitor", { name, url: "https://example.com/health", http: bearer("hidden") }),
          ({ body }) => body.id,
        )
      const ids = yield* Effect.forEach(["a", "b", "c", "d", "e"], make)
      const edit = (i: number, monitor: object) => ({ action: "edit", id: ids[i], monitor })
      const operations = [
        edit(0, { url: "https://example.com/other" }),
        edit(1, { url: "http://example.com/health" }),
        edit(2, { url: "https://evil.example.org/", http: bearer("********") }),
        edit(3, { url: "https://evil.example.org/", http: bearer("a new one") }),
        edit(4, { url: "https://example.com:8443/health", http: bearer("********") }),
      ]
      const refused = yield* send("POST /api/monitor/bulk", { operations })
      assert.strictEqual(refused.status, 400, refused.text)
      assert.deepStrictEqual(
        refused.body.issues.map(({ path }: { path: ReadonlyArray<string | number> }) => path),
        [1, 2, 4].map((index) => ["operations", index, "monitor", "http", "auth", "token"]),
      )
      const urls = Effect.map(send("GET /api/monitor"), ({ body }) =>
        Object.fromEntries(body.items.map(({ name, url }: { name: string; url: string }) => [name, url])),
      )
      // All or none: the two that could be done were not.
      assert.deepStrictEqual(
        yield* urls,
        Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, "https://example.com/health"])),
      )

      const taken = yield* send("POST /api/monitor/bulk", { operations: [operations[0], operations[3]] })
      assert.strictEqual(taken.status, 200, taken.text)
      assert.deepInclude(yield* urls, { a: "https://example.com/other", d: "https://evil.example.org/" })
      assert.notInclude(taken.text, "hidden")
    }),
  )
})
