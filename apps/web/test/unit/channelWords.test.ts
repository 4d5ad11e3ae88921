import { assert, describe, it } from "@effect/vitest"
import { changeText, fateOf } from "../../src/channels/deliveryWords.ts"
import type { Channel } from "../../src/channels/form.ts"
import { unreached } from "../../src/channels/recipientWords.ts"
import { quietText, targetText } from "../../src/channels/summary.ts"

describe("what is said of a message", () => {
  it("tells one that waits from one that is tried again", () => {
    assert.strictEqual(fateOf({ state: "pending", attempts: 0 }), "waiting")
    assert.strictEqual(fateOf({ state: "pending", attempts: 2 }), "retrying")
    assert.strictEqual(fateOf({ state: "dead", attempts: 9 }), "dead")
    assert.strictEqual(fateOf({ state: "sent", attempts: 1 }), "sent")
  })

  it("is in words for every change, and the change itself where there is none", () => {
    assert.strictEqual(changeText("opened"), "Incident opened")
    assert.strictEqual(changeText("reminder:3"), "Reminder 3")
    assert.strictEqual(changeText("note:0190a5f4-0000-7000-8000-000000000000"), "Update by a person")
    assert.strictEqual(changeText("something new"), "something new")
  })
})

describe("what is said of a channel", () => {
  it("is where it goes, as far as that is no secret", () => {
    assert.strictEqual(targetText({ kind: "slack", url: "********" }), "Slack")
    assert.strictEqual(targetText({ kind: "email", to: ["ops@example.com"] }), "Email · ops@example.com")
    assert.strictEqual(targetText({ kind: "email", to: ["a@example.com", "b@example.com"] }), "Email · 2 addresses")
    assert.strictEqual(targetText({ kind: "webhook", url: "https://example.com/hook" }), "Webhook · example.com/hook")
    assert.strictEqual(targetText({ kind: "pushover", token: "********", user: "********" }), "Pushover")
  })

  it("names its quiet hours and their zone", () => {
    assert.isNull(quietText({ quietHours: null }))
    assert.strictEqual(
      quietText({ quietHours: { from: "22:00", to: "07:00", timeZone: "Europe/Berlin" } }),
      "22:00 to 07:00, Europe/Berlin",
    )
  })

  it("counts the recipients that get nothing yet", () => {
    const states: ReadonlyArray<Channel["recipients"][number]["state"]> = [
      "own",
      "confirmed",
      "awaiting",
      "unconfirmed",
      "refused",
    ]
    assert.strictEqual(
      unreached({ recipients: states.map((state) => ({ address: `${state}@example.com`, state })) }),
      3,
    )
    assert.strictEqual(unreached({ recipients: [] }), 0)
  })
})
