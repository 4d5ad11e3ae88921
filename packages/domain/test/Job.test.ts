import { assert, describe, it } from "@effect/vitest"
import { decodeJob, encodeJob, Job, jobDeadline } from "@uptime/domain/Job"
import { Either, FastCheck as fc, Schema } from "effect"

const bySchema = Schema.decodeUnknownEither(Schema.parseJson(Job))

const job = fc.record({
  v: fc.constant(1 as const),
  monitorId: fc.uuid(),
  slot: fc.integer(),
  deadline: fc.integer(),
  configVersion: fc.nat(),
  spec: fc.record({ kind: fc.constant("http" as const), url: fc.webUrl(), timeoutMs: fc.nat() }),
})

/** A job with one thing wrong or unusual about it, or none. */
const almostJob = fc
  .tuple(
    job,
    fc.constantFrom("", "v", "monitorId", "slot", "deadline", "configVersion", "spec", "kind", "url", "timeoutMs", "x"),
    fc.constantFrom("remove", "replace", "upper", "keep"),
    fc.jsonValue(),
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

  it("tells another version from text that is no job", () => {
    const reason = (text: string) => Either.getOrThrow(Either.flip(decodeJob(text))).reason
    assert.strictEqual(reason('{"v":2,"anything":"else"}'), "version")
    assert.strictEqual(reason('{"v":1}'), "malformed")
    assert.strictEqual(reason('{"v":"1"}'), "malformed")
    assert.strictEqual(reason("[1]"), "malformed")
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
