import { assert, describe, it } from "@effect/vitest"
import { distinctMessages, toldOnce } from "@uptime/testing/faults/Messages"

const owed = (change: string) => ({ incidentId: "i", change })
const received = (key: string, change: string) => ({ key, incidentId: "i", change })

describe("I6 told once", () => {
  it("is kept when a message comes twice under one key", () => {
    const messages = [received("1", "opened"), received("1", "opened"), received("2", "resolved")]
    assert.deepStrictEqual(toldOnce([owed("opened"), owed("resolved")], messages), [])
    assert.strictEqual(distinctMessages(messages), 2)
  })

  it("is broken by a message that never came, one under two keys, and one that nobody owed", () => {
    assert.deepStrictEqual(
      toldOnce(
        [owed("opened"), owed("resolved")],
        [received("1", "opened"), received("2", "opened"), received("3", "updated")],
      ).map(({ what }) => what),
      [
        "1 messages that never came: resolved of i",
        "1 messages that came under more than one key: opened of i",
        "1 messages that nobody owed: updated of i",
      ],
    )
  })
})
