import { assert, describe, it } from "@effect/vitest"
import { decodeJob, encodeJob, Job, jobDeadline, maxSpecLength } from "@uptime/domain/Job"
import { Either, FastCheck as fc, Schema } from "effect"

const bySchema = Schema.decodeUnknownEither(Schema.parseJson(Job))

const job = fc.record({
  v: fc.constantFrom(1 as const, 2 as const),
  monitorId: fc.uuid(),
  slot: fc.nat(8.64e15),
  deadline: fc.nat(8.64e15),
  configVersion: fc.nat(),
  spec: fc.record({
    kind: fc.constant("http" as const),
    url: fc.webUrl(),
    timeoutMs: fc.integer({ min: 1, max: 60_000 }),
  }),
})

/** A job with one thing wrong or unusual about it, or none. */
const almostJob = fc
  .tuple(
    job,
    fc.constantFrom("", "v", "monitorId", "slot", "deadline", "configVersion", "spec", "kind", "url", "timeoutMs", "x"),
    fc.constantFrom("remove", "replace", "upper", "keep"),
    fc.oneof(fc.jsonValue(), fc.double(), fc.constantFrom(0, -1, 8.64e15 + 2, 60_001, 1e300)),
  )
  .map(([whole, field, change, value]) => {
    const spec: Record<string, unknown> = { ...whole.spec }
    const json: Record<string, unknown> = { ...whole, spec }
    const owner = field === "kind" || field === "url" || field === "timeoutMs" ? spec : json
    if (change === "remove") delete owner[field]
    else if (change === "replace" && field !== "") owner[field] = value
    else if (change === "upper") json["monitorId"] = whole.monitorId.toUpperCase()
    return JSON.stringify(json)
  })

/** Secret headers that bring the text of a specification to a length. */
const fill = (spec: object, length: number): Array<{ name: string; value: { sealed: string } }> => {
  const part = { name: "X", value: { sealed: "" } }
  const partLength = JSON.stringify(part).length
  const sealed = length - JSON.stringify(spec).length - 2 * (partLength + 1)
  const share = Math.floor(sealed / 3)
  return [share, share, sealed - 2 * share].map((n) => ({ ...part, value: { sealed: "s".repeat(n) } }))
}

describe("decodeJob", () => {
  it.prop("accepts what the schema accepts, and gives the same job", [fc.oneof(almostJob, fc.json())], ([text]) => {
    const expected = bySchema(text)
    const actual = decodeJob(text)
    assert.strictEqual(Either.isRight(actual), Either.isRight(expected))
    if (Either.isRight(actual) && Either.isRight(expected)) assert.deepStrictEqual(actual.right, expected.right)
  })

  it.prop("reads back what encodeJob wrote", [job], ([json]) => {
    const text = JSON.stringify(json)
    const decoded = Either.getOrThrow(decodeJob(text))
    assert.deepStrictEqual(Either.getOrThrow(decodeJob(encodeJob(decoded))), decoded)
  })

  it("refuses numbers that no clock and no database can hold", () => {
    const text = encodeJob(Either.getOrThrow(decodeJob(JSON.stringify(fc.sample(job, 1)[0]))))
    for (const field of ["slot", "deadline", "configVersion", "timeoutMs"]) {
      for (const value of ["1e999", "-1e999", "8.64e16", "null", '"1"']) {
        const hostile = text.replace(new RegExp(`"${field}":\\d+`), `"${field}":${value}`)
        assert.notStrictEqual(hostile, text)
        assert.strictEqual(Either.getOrThrow(Either.flip(decodeJob(hostile))).reason, "malformed", `${field} ${value}`)
      }
    }
  })

  it("answers to any text, and with a reason that can be stored", () => {
    const deep = (open: string, close: string) => `${open.repeat(2_000)}1${close.repeat(2_000)}`
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.constantFrom(deep("[", "]"), deep('{"v":', "}"), deep('{"spec":', "}"), '{"v":{"toString":1}}', '"\\ud800"'),
      fc
        .string({ unit: "binary" })
        .map((text) => JSON.stringify({ v: 1, monitorId: text.repeat(200), [text]: "\u0000" })),
    )
    fc.assert(
      fc.property(hostile, (text) => {
        const decoded = decodeJob(text)
        if (Either.isRight(decoded)) return
        const { message } = decoded.left
        assert.isAtMost(message.length, 500)
        assert.isTrue(message.isWellFormed() && !message.includes("\u0000"))
      }),
      { numRuns: 300 },
    )
  })

  it("reads what a check is told, up to the longest that a monitor may have", () => {
    const [plain] = fc.sample(job, 1)
    const spec = {
      kind: "http",
      url: `https://example.com/${"x".repeat(2000)}`,
      timeoutMs: 60_000,
      conditions: [{ condition: "[STATUS] == 200", severity: "Degraded" }],
      http: { secretHeaders: [{ name: "X", value: { sealed: "" } }] },
    }
    spec.http.secretHeaders = fill(spec, maxSpecLength)
    const json = { ...plain, v: 2, slot: 8.64e15 - 1, deadline: 8.64e15 - 1, configVersion: 2_147_483_647, spec }
    assert.strictEqual(JSON.stringify(spec).length, maxSpecLength)
    assert.deepStrictEqual(
      Either.getOrThrow(decodeJob(JSON.stringify(json))),
      Either.getOrThrow(bySchema(JSON.stringify(json))),
    )
  })

  it("tells another version from text that is no job", () => {
    const reason = (text: string) => Either.getOrThrow(Either.flip(decodeJob(text))).reason
    assert.strictEqual(reason('{"v":3,"anything":"else"}'), "version")
    assert.strictEqual(reason('{"v":0}'), "version")
    assert.strictEqual(reason('{"v":1}'), "malformed")
    assert.strictEqual(reason('{"v":2}'), "malformed")
    assert.strictEqual(reason('{"v":"1"}'), "malformed")
    assert.strictEqual(reason("[1]"), "malformed")
    assert.strictEqual(reason("[".repeat(1_000_000)), "malformed")
    assert.strictEqual(reason("no json"), "malformed")
    assert.strictEqual(reason(""), "malformed")
  })
})

describe("jobDeadline", () => {
  it.prop(
    "lies one interval after the slot, between two and five minutes",
    [fc.nat(), fc.integer({ min: 10, max: 86_400 })],
    ([slot, interval]) => {
      const life = jobDeadline(slot, interval) - slot
      assert.strictEqual(life, Math.max(120_000, Math.min(300_000, interval * 1000)))
    },
  )
})
