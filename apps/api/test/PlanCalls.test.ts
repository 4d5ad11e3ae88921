import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { loggedIn, walk } from "./LoggedIn.ts"

const unknownId = "0190a5f4-0000-7000-8000-00000000dead"

describe("escalation policies", () => {
  it.scopedLive("are created, shown, edited, listed and deleted", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn()
      const config = { kind: "webhook", url: "https://example.com/hook" }
      const channel = (yield* send("POST /api/channels", { name: "A", config })).body.id
      const steps = [
        { afterMinutes: 5, channels: [channel] },
        { afterMinutes: 15, channels: [channel] },
      ]
      const created = yield* send("POST /api/escalations", { name: "Wake them", steps })
      assert.strictEqual(created.status, 201, created.text)
      assert.deepInclude(created.body, { name: "Wake them", steps })
      const path = `/api/escalations/${created.body.id}`
      assert.deepStrictEqual((yield* send(`GET ${path}`)).body, created.body)
      assert.deepInclude((yield* send(`PUT ${path}`, { name: "Later" })).body, { name: "Later", steps })
      const backwards = yield* send(`PUT ${path}`, { steps: steps.toReversed() })
      assert.deepStrictEqual(backwards.body.issues, [
        { path: ["steps"], message: "each step must come later than the one before" },
      ])
      const foreign = yield* send(`PUT ${path}`, { name: "Gone", steps: [{ afterMinutes: 5, channels: [unknownId] }] })
      assert.deepStrictEqual([foreign.status, foreign.body._tag], [422, "ReferenceRefused"])
      assert.deepInclude((yield* send(`GET ${path}`)).body, { name: "Later", steps })

      const alerts = { escalationId: created.body.id }
      const monitor = yield* send("POST /api/monitor", { url: "https://example.com/", alerts })
      yield* send("POST /api/monitor", { url: "https://example.org/" })
      const using = yield* send(`GET /api/monitor?escalationId=${created.body.id}`)
      assert.deepStrictEqual(
        using.body.items.map((item: unknown) => Object(item).id),
        [monitor.body.id],
      )
      assert.strictEqual((yield* send("GET /api/monitor?escalationId=night")).status, 400)

      for (let i = 0; i < 3; i++) yield* send("POST /api/escalations", { name: `${i}`, steps })
      const { items, pages } = yield* walk(send, "GET /api/escalations", 3)
      assert.deepStrictEqual(
        items.map((item) => Object(item).name),
        ["2", "1", "0", "Later"],
      )
      assert.strictEqual(pages, 2)
      assert.strictEqual((yield* send(`DELETE ${path}`)).status, 204)
      assert.strictEqual((yield* send(`GET ${path}`)).status, 404)
    }),
  )
})

describe("maintenances", () => {
  it.scopedLive("are planned over monitors, tags and groups, ended, and forgotten", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn()
      const monitor = (yield* send("POST /api/monitor", { url: "https://example.com/" })).body.id
      const plan = { kind: "manual", from: "2026-01-01T00:00:00.000Z", endedAt: null }
      const created = yield* send("POST /api/maintenances", {
        title: "Move",
        plan,
        monitorIds: [monitor],
        tags: ["db"],
      })
      assert.strictEqual(created.status, 201, created.text)
      const { createdAt, id, updatedAt, ...rest } = created.body
      assert.deepStrictEqual(rest, {
        title: "Move",
        description: "",
        plan,
        monitorIds: [monitor],
        tags: ["db"],
        groups: [],
        isPublic: false,
      })
      assert.strictEqual(updatedAt, createdAt)
      assert.deepInclude((yield* send(`PUT /api/maintenances/${id}`, { groups: ["eu"], isPublic: true })).body, {
        groups: ["eu"],
        isPublic: true,
        monitorIds: [monitor],
      })
      const nothing = yield* send(`PUT /api/maintenances/${id}`, { groups: [], monitorIds: [], tags: [] })
      assert.deepStrictEqual([nothing.status, nothing.body._tag], [422, "ReferenceRefused"])
      assert.strictEqual((yield* send(`PUT /api/maintenances/${id}`, { monitorIds: [] })).status, 200)
      const open = yield* send(`GET /api/maintenances/${id}/windows`)
      assert.deepStrictEqual(open.body, { items: [{ startsAt: plan.from, endsAt: null }] })
      const ended = yield* send(`POST /api/maintenances/${id}/end`)
      assert.strictEqual(ended.status, 200, ended.text)
      assert.isNotNull(ended.body.plan.endedAt)
      const again = yield* send(`POST /api/maintenances/${id}/end`)
      assert.deepStrictEqual([again.status, again.body._tag], [409, "NotPossibleNow"])
      assert.deepStrictEqual((yield* send(`GET /api/maintenances/${id}/windows`)).body, { items: [] })

      assert.strictEqual((yield* send("GET /api/maintenances")).body.items.length, 1)
      assert.strictEqual((yield* send(`DELETE /api/maintenances/${id}`)).status, 204)
      assert.strictEqual((yield* send(`GET /api/maintenances/${id}`)).status, 404)
    }),
  )

  it.scopedLive("tell their windows by the clocks of their zone, and what is wrong with a plan", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn()
      const plan = {
        kind: "recurring",
        rule: "FREQ=DAILY",
        start: "2026-03-28T02:30",
        timeZone: "Europe/Berlin",
        durationMinutes: 30,
      }
      const { body } = yield* send("POST /api/maintenances", { title: "Nightly", plan, tags: ["db"] })
      const windows = yield* send(`GET /api/maintenances/${body.id}/windows?from=2026-03-28&to=2026-03-31`)
      assert.deepStrictEqual(
        windows.body.items.map(({ startsAt }: { readonly startsAt: string }) => startsAt),
        ["2026-03-28T01:30:00.000Z", "2026-03-29T01:30:00.000Z", "2026-03-30T00:30:00.000Z"],
      )
      const manual = { kind: "manual", from: "2026-01-01T00:00:00Z", endedAt: null }
      const wrong: ReadonlyArray<object> = [
        { title: "Over nothing", plan: manual },
        { title: "A", tags: ["a"], plan: { ...plan, rule: "FREQ=NEVER" } },
        { title: "A", tags: ["a"], plan: { ...plan, timeZone: "Mars/Olympus" } },
        { title: "A", tags: ["a"], plan: { ...manual, from: "-271821-04-20T00:00:00.000Z" } },
        { title: "A", tags: ["a"], plan: { ...manual, from: "+275760-09-13T00:00:00.000Z" } },
        { title: "A", tags: ["a"], plan: { kind: "single", from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" } },
      ]
      for (const json of wrong) {
        const { status, text } = yield* send("POST /api/maintenances", json)
        assert.strictEqual(status, 400, text)
      }
      const foreign = yield* send("POST /api/maintenances", { title: "A", plan: manual, monitorIds: [unknownId] })
      assert.strictEqual(foreign.status, 422)
    }),
  )
})
