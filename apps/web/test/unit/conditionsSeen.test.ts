import { assert, describe, it } from "@effect/vitest"
import { judge, readConditions } from "@uptime/conditions/Judge"
import { noPhases } from "@uptime/domain/Result"
import { Either } from "effect"
import { seenInResults, seenInTestRun } from "../../src/monitors/form/conditions/conditionsSeen.ts"

const conditions = ["[STATUS] == 200", "[BODY] contains a; b", "[RESPONSE_TIME] < 300ms", "[STATUS] == 20"]

/** What the checker itself says of an answer. */
const messageFor = (status: number, body: string, responseTimeMs: number): string | null => {
  const read = readConditions(conditions.map((condition) => ({ condition, severity: "Down" as const })))
  assert.isTrue(Either.isRight(read))
  return judge(
    Either.getOrElse(read, () => []),
    {
      status,
      body,
      responseTimeMs,
      ip: null,
      connected: true,
      headers: [],
      phases: noPhases,
      certificateExpiresInMs: null,
      domainExpiresInMs: null,
      dnsRcode: null,
      records: null,
      packetLossPercent: null,
      grpcStatus: null,
    },
  ).message
}

const location = (error: { readonly kind: "condition" | "timeout"; readonly message: string } | null) => ({
  location: "USA",
  latest: {
    id: "",
    monitorId: "",
    location: "USA",
    status: error === null ? ("Up" as const) : ("Down" as const),
    responseTimeMs: 1,
    checkedAt: "",
    scheduledAt: "",
    phases: noPhases,
    httpStatus: null,
    error,
    certificateExpiresAt: null,
  },
})

const seen = (condition: string, error: Parameters<typeof location>[0]) =>
  seenInResults(condition, conditions, [location(error)]).map(({ holds, seen: text }) => [holds, text])

describe("what the last result saw for a condition", () => {
  it("is what the checker said, each condition by itself", () => {
    const error = { kind: "condition", message: messageFor(503, "sorry; nothing", 20) ?? "" } as const
    assert.deepStrictEqual(seen("[STATUS] == 200", error), [[false, "[STATUS] was 503"]])
    assert.deepStrictEqual(seen("[BODY] contains a; b", error), [[false, "[BODY] was sorry; nothing"]])
    assert.deepStrictEqual(seen("[STATUS] == 20", error), [[false, "[STATUS] was 503"]])
    assert.deepStrictEqual(seen("[RESPONSE_TIME] < 300ms", error), [[true, null]])
  })

  it("is that all held when it ended well, and nothing when it did not get so far", () => {
    assert.deepStrictEqual(seen("[STATUS] == 200", null), [[true, null]])
    assert.deepStrictEqual(seen("[STATUS] == 200", { kind: "timeout", message: "no answer in time" }), [])
  })

  it("is nothing for a condition that was not there, or may have been cut off", () => {
    assert.deepStrictEqual(seen("[STATUS] == 204", null), [])
    const cut = { kind: "condition", message: "[STATUS] == 200 failed: [STATUS] was 503; …" } as const
    assert.deepStrictEqual(seen("[STATUS] == 200", cut), [[false, "[STATUS] was 503"]])
    assert.deepStrictEqual(seen("[STATUS] == 20", cut), [])
  })
})

it("what a test run saw for a condition is told by region", () => {
  const result = {
    checkedAt: "",
    status: "Down" as const,
    responseTimeMs: 1,
    phases: noPhases,
    httpStatus: 503,
    error: null,
    certificateExpiresAt: null,
    conditions: [
      { condition: "[STATUS] == 200", severity: "Down" as const, holds: false, seen: "503" },
      { condition: "[IP] == pat(10.*)", severity: "Down" as const, holds: null, seen: null },
    ],
    evidence: null,
  }
  const run = [
    { location: "USA", result, problem: null },
    { location: "India", result: null, problem: "no worker answered in time" },
  ]
  assert.deepStrictEqual(seenInTestRun("[STATUS] == 200", run), [{ location: "USA", holds: false, seen: "503" }])
  assert.deepStrictEqual(seenInTestRun("[IP] == pat(10.*)", run), [])
})
