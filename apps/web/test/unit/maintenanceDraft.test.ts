import { assert, describe, it } from "@effect/vitest"
import { Either } from "effect"
import { type Draft, draftOf, editOf, newDraft, planOfDraft } from "../../src/maintenance/draft.ts"
import type { Maintenance, Plan } from "../../src/maintenance/queries.ts"
import { coveredBy } from "../../src/maintenance/scope.ts"
import { firstWindows, standingAt } from "../../src/maintenance/windows.ts"

const now = Date.parse("2026-11-04T12:34:56Z")

const maintenance = (plan: Plan): Maintenance => ({
  id: "m",
  title: "Upgrade",
  description: "",
  plan,
  monitorIds: ["a"],
  tags: [],
  groups: [],
  isPublic: false,
  createdAt: "2026-11-01T00:00:00Z",
  updatedAt: "2026-11-01T00:00:00Z",
})

const single = { kind: "single", from: "2026-11-05T20:00:30.000Z", to: "2026-11-05T22:00:00.000Z" } as const
const recurring = {
  kind: "recurring",
  rule: "FREQ=WEEKLY;BYDAY=SU",
  start: "2026-03-01T02:30",
  timeZone: "Europe/Berlin",
  durationMinutes: 90,
} as const
const manual = { kind: "manual", from: "2026-11-04T12:00:10.000Z", endedAt: null } as const

const planOf = (draft: Draft) => Either.getOrThrow(planOfDraft(draft))
const issuesOf = (draft: Draft) => Either.match(planOfDraft(draft), { onLeft: (issues) => issues, onRight: () => null })

describe("the form of a maintenance", () => {
  it("begins with a plan that is whole and to come", () => {
    const plan = planOf(newDraft(now, {}))
    assert.strictEqual(plan.kind, "single")
    assert.lengthOf(firstWindows(plan, now, 5), 1)
  })

  it("sends no plan where nobody changed it, so that what was ended early stays so", () => {
    const early = { ...recurring, endedEarly: [{ startsAt: "2026-11-01T01:30:00Z", endsAt: "2026-11-01T02:00:00Z" }] }
    for (const plan of [single, recurring, early, manual]) {
      const before = maintenance(plan)
      const draft = { ...draftOf(before, now), title: "Another" }
      const edit = editOf(draft, planOf(draft), before)
      assert.strictEqual(edit.title, "Another")
      assert.notProperty(edit, "plan")
    }
    const before = maintenance(recurring)
    const draft = { ...draftOf(before, now), minutes: 0 }
    assert.deepInclude(editOf(draft, planOf(draft), before).plan, { durationMinutes: 60, rule: recurring.rule })
  })

  it("says what is wrong with a plan, by field", () => {
    const draft = newDraft(now, {})
    assert.property(issuesOf({ ...draft, timeZone: "Nowhere" }), "timeZone")
    assert.property(issuesOf({ ...draft, from: "" }), "from")
    assert.property(issuesOf({ ...draft, to: draft.from }), "to")
    assert.property(issuesOf({ ...draft, kind: "recurring", hours: 0, minutes: 0 }), "duration")
    assert.property(issuesOf({ ...draft, kind: "recurring", hours: Number.NaN }), "duration")
    assert.property(issuesOf({ ...draft, kind: "recurring", parts: null, rule: "FREQ=SECONDLY" }), "rule")
    assert.isNull(issuesOf({ ...draft, kind: "recurring" }))
  })

  it("takes times by the clocks of the zone", () => {
    const draft = { ...newDraft(now, {}), timeZone: "Asia/Tokyo", from: "2026-11-05T09:00", to: "2026-11-05T10:00" }
    assert.deepStrictEqual(planOf(draft), {
      kind: "single",
      from: "2026-11-05T00:00:00.000Z",
      to: "2026-11-05T01:00:00.000Z",
    })
  })

  it("knows how a maintenance stands, also as time goes on", () => {
    const one = maintenance(single)
    assert.strictEqual(standingAt(one, now).state, "coming")
    assert.strictEqual(standingAt(one, Date.parse("2026-11-05T21:00:00Z")).state, "open")
    assert.strictEqual(standingAt(one, Date.parse("2026-11-05T22:00:00Z")).state, "past")
    assert.strictEqual(standingAt(maintenance(manual), now).state, "open")
    assert.deepInclude(standingAt(maintenance(recurring), now), {
      state: "coming",
      window: { startsAt: Date.parse("2026-11-08T01:30:00Z"), endsAt: Date.parse("2026-11-08T03:00:00Z") },
    })
  })

  it("counts the monitors that it is over once each", () => {
    const monitors = [
      { id: "a", tags: ["shop"], group: null },
      { id: "b", tags: ["shop", "eu"], group: "Europe" },
      { id: "c", tags: [], group: "Europe" },
      { id: "d", tags: [], group: null },
    ]
    assert.strictEqual(coveredBy({ monitorIds: ["a", "gone"], tags: ["shop"], groups: [] }, monitors), 2)
    assert.strictEqual(coveredBy({ monitorIds: [], tags: ["eu"], groups: ["Europe"] }, monitors), 2)
    assert.strictEqual(coveredBy({ monitorIds: [], tags: [], groups: [] }, monitors), 0)
  })
})
