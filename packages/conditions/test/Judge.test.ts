import { assert, describe, it } from "@effect/vitest"
import { type Judgement, judge, type ReadCondition, readConditions } from "@uptime/conditions/Judge"
import { needs } from "@uptime/conditions/Needs"
import type { Severity } from "@uptime/domain/Condition"
import { Either, FastCheck as fc } from "effect"
import { seeing } from "./ObservationFixture.ts"

const read = (
  ...conditions: ReadonlyArray<readonly [text: string, severity: Severity]>
): ReadonlyArray<ReadCondition> =>
  Either.getOrThrow(readConditions(conditions.map(([condition, severity]) => ({ condition, severity }))))

describe("judge", () => {
  it("finds a target up when all conditions hold, and when there are none", () => {
    const up: Judgement = { status: "Up", failed: [], message: null }
    assert.deepStrictEqual(judge([], seeing({})), up)
    const conditions = read(["[STATUS] == 200", "Down"], ["[RESPONSE_TIME] < 300", "Degraded"])
    assert.deepStrictEqual(judge(conditions, seeing({ status: 200, responseTimeMs: 20 })), up)
  })

  it("says which conditions failed and what was seen, and takes the worst of them", () => {
    const conditions = read(["[RESPONSE_TIME] < 300", "Degraded"], ["[status] == 200", "Down"])
    assert.deepStrictEqual(judge(conditions, seeing({ status: 200, responseTimeMs: 312.5 })), {
      status: "Degraded",
      failed: [{ condition: "[RESPONSE_TIME] < 300", severity: "Degraded", seen: "312.5ms" }],
      message: "[RESPONSE_TIME] < 300 failed: [RESPONSE_TIME] was 312.5ms",
    })
    assert.deepStrictEqual(judge(conditions, seeing({ status: 503, responseTimeMs: 312.5 })), {
      status: "Down",
      failed: [
        { condition: "[RESPONSE_TIME] < 300", severity: "Degraded", seen: "312.5ms" },
        { condition: "[status] == 200", severity: "Down", seen: "503" },
      ],
      message: "[RESPONSE_TIME] < 300 failed: [RESPONSE_TIME] was 312.5ms; [status] == 200 failed: [STATUS] was 503",
    })
  })

  it("fits its message into 500 characters, and says that there was more", () => {
    const texts = ["a", "\u{1f600}", "\u0000", "\ud800", "\n", "é", '"']
    fc.assert(
      fc.property(
        fc.array(fc.nat(200), { minLength: 1, maxLength: 20 }),
        fc.constantFrom(...texts),
        (lengths, unit) => {
          const conditions = read(...lengths.map((n) => [`[BODY] == ${"w".repeat(n + 1)}`, "Down"] as const))
          const { failed, message } = judge(conditions, seeing({ body: unit.repeat(300) }))
          assert.lengthOf(failed, lengths.length)
          assert.isNotNull(message)
          const text = message ?? ""
          assert.isTrue(text.length <= 500 && text.isWellFormed() && !/\p{Cc}/u.test(text), text)
          const said = text.split(" failed: ").length - 1
          assert.isTrue(said === failed.length || text.endsWith("; …") || text.length > 497)
        },
      ),
      { numRuns: 300 },
    )
  })

  it("does not judge by a text that is no condition", () => {
    const result = readConditions([
      { condition: "[STATUS] == 200", severity: "Down" },
      { condition: "[MOOD] == good", severity: "Down" },
    ])
    assert.include(Either.getOrThrow(Either.flip(result)).message, "unknown placeholder [MOOD]")
  })

  it("reads a text once, and again when it was forgotten", () => {
    const first = read(["[STATUS] == 200", "Down"])[0]?.condition
    assert.strictEqual(read(["[STATUS] == 200", "Degraded"])[0]?.condition, first)
    for (let i = 0; i < 20_000; i++) read([`[STATUS] == ${i}`, "Down"])
    const again = read(["[STATUS] == 200", "Down"])[0]?.condition
    assert.notStrictEqual(again, first)
    assert.deepStrictEqual(again, first)
  })

  it("reads a body once for all conditions", () => {
    const parseJson = JSON.parse
    let times = 0
    JSON.parse = (text: string) => {
      times++
      return parseJson(text)
    }
    try {
      const observation = seeing({ status: 200, body: '{"a":1,"b":[2]}' })
      judge(read(["[STATUS] == 200", "Down"], ["[BODY] contains a", "Down"]), observation)
      assert.strictEqual(times, 0)
      const conditions = read(["[BODY].a == 1", "Down"], ["len([BODY].b) == 1", "Down"], ["[BODY]..b[0] == 2", "Down"])
      assert.strictEqual(judge(conditions, observation).status, "Up")
      judge(conditions, observation)
      assert.strictEqual(times, 1)
    } finally {
      JSON.parse = parseJson
    }
  })
})

describe("what conditions need", () => {
  it.each([
    ["[STATUS] == 200", ["STATUS"]],
    ["len([BODY].a) == [STATUS]", ["BODY", "STATUS"]],
    ["has([HEADERS].x) == true", ["HEADERS"]],
    ["[RESPONSE_TIME] < [PHASES].tls", ["RESPONSE_TIME", "PHASES"]],
    ["[CERTIFICATE_EXPIRATION] > 48h", ["CERTIFICATE_EXPIRATION"]],
    ["[DOMAIN_EXPIRATION] > 30d", ["DOMAIN_EXPIRATION"]],
    ['[IP] == "[BODY]"', ["IP"]],
  ])("%s needs %j", (text, names) => {
    const conditions = read(["[CONNECTED] == true", "Down"], [text, "Degraded"])
    const all = [
      "STATUS",
      "BODY",
      "HEADERS",
      "RESPONSE_TIME",
      "PHASES",
      "CERTIFICATE_EXPIRATION",
      "DOMAIN_EXPIRATION",
      "IP",
    ] as const
    const needed = all.filter((name) => needs(conditions, name))
    assert.sameMembers(needed, names)
  })
})
