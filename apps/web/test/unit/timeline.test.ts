import { assert, describe, it } from "@effect/vitest"
import { changeText, deliveryText, timelineOf, updateTitle } from "../../src/incidents/timeline.ts"

const update = (id: string, at: string, kind: "opened" | "comment" | "resolved") => ({
  id,
  at,
  kind,
  author: kind === "comment" ? "Ada" : null,
  body: kind,
  isPublic: false,
})

const delivery = (channelId: string, change: string, at: string) => ({
  incidentId: "i",
  channelId,
  channelName: channelId,
  isChannelDeleted: false,
  nextTryAt: null,
  change,
  state: "sent" as const,
  attempts: 1,
  at,
  dueAt: at,
  sentAt: at,
  lastError: null,
})

describe("an incident's timeline", () => {
  it("is newest first, with the messages of a change as one entry after what they tell of", () => {
    const entries = timelineOf({
      updates: [
        update("3", "2026-11-04T10:05:00Z", "resolved"),
        update("2", "2026-11-04T10:03:00Z", "comment"),
        update("1", "2026-11-04T10:00:00Z", "opened"),
      ],
      deliveries: [
        delivery("b", "resolved", "2026-11-04T10:05:01Z"),
        delivery("b", "opened", "2026-11-04T10:00:06Z"),
        delivery("a", "opened", "2026-11-04T10:00:05Z"),
      ],
    })
    assert.deepStrictEqual(
      entries.map((entry) => (entry.kind === "told" ? `told ${entry.change} ${entry.deliveries.length}` : entry.key)),
      ["told resolved 1", "3", "2", "told opened 2", "1"],
    )
  })

  it("keeps the order of what came at the same millisecond", () => {
    const at = "2026-11-04T10:00:00Z"
    const updates = [update("2", at, "comment"), update("1", at, "opened")]
    assert.deepStrictEqual(
      timelineOf({ updates, deliveries: [] }).map(({ key }) => key),
      ["2", "1"],
    )
  })

  it("is said in words", () => {
    assert.strictEqual(updateTitle({ kind: "acknowledged", author: "Ada" }), "Acknowledged by Ada")
    assert.strictEqual(updateTitle({ kind: "resolved", author: null }), "Resolved")
    assert.strictEqual(changeText("reminder:2"), "again, as a reminder")
    assert.strictEqual(changeText("something new"), "what changed")
    assert.strictEqual(deliveryText({ state: "pending", attempts: 0 }), "Waiting")
    assert.strictEqual(deliveryText({ state: "pending", attempts: 1 }), "Tried once, will be tried again")
    assert.strictEqual(deliveryText({ state: "sent", attempts: 3 }), "Delivered at try 3")
    assert.strictEqual(deliveryText({ state: "dead", attempts: 9 }), "Not delivered")
  })
})
