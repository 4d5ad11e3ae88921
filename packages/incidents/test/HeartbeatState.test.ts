import { assert, describe, it } from "@effect/vitest"
import type { Ping } from "@uptime/incidents/HeartbeatPing"
import { applyPing, deadlineOf, HeartbeatState, missedReason, noHeartbeat } from "@uptime/incidents/HeartbeatState"
import { FastCheck as fc, Schema } from "effect"

const ping = (event: Ping["event"], more: Partial<Ping> = {}): Ping => ({
  event,
  exitCode: null,
  runMs: null,
  body: null,
  ...more,
})

const pings = fc.array(
  fc.record({
    at: fc.nat(1_000),
    ping: fc.record({
      event: fc.constantFrom("start" as const, "success" as const, "fail" as const, "log" as const),
      exitCode: fc.constantFrom(null, 3),
      runMs: fc.constantFrom(null, 12.5),
      body: fc.constant(null),
    }),
  }),
  { maxLength: 30 },
)

describe("the state of a heartbeat", () => {
  it("is measured from start to end", () => {
    const running = applyPing(noHeartbeat, ping("start"), 1_000)
    assert.deepStrictEqual(running, { ...noHeartbeat, lastSignAt: 1_000, startedAt: 1_000 })
    const done = { lastSignAt: 4_500, startedAt: null, verdict: "Up" as const, reason: null, runMs: 3_500 }
    assert.deepStrictEqual(applyPing(running, ping("success"), 4_500), done)
    // What the job says itself goes before what was measured; without a start nothing was.
    assert.strictEqual(applyPing(running, ping("success", { runMs: 20 }), 4_500).runMs, 20)
    assert.isNull(applyPing(noHeartbeat, ping("success"), 4_500).runMs)
  })

  it("says why it is down, until it is well again", () => {
    const failed = applyPing(noHeartbeat, ping("fail", { exitCode: 3 }), 1_000)
    assert.deepInclude(failed, { verdict: "Down", reason: "the job ended with exit code 3" })
    assert.deepInclude(applyPing(failed, ping("fail"), 2_000), { reason: "the job reported a failure" })
    const running = applyPing(failed, ping("start"), 2_000)
    assert.deepInclude(running, { verdict: "Down", reason: "the job ended with exit code 3" })
    assert.deepInclude(applyPing(running, ping("success"), 3_000), { verdict: "Up", reason: null })
  })

  it("is missed after its grace: since it was turned on, since the last sign, or since the run began", () => {
    const options = { periodSeconds: 60, graceSeconds: 10 }
    assert.strictEqual(deadlineOf(options, noHeartbeat, 5_000), 75_000)
    assert.strictEqual(deadlineOf(options, applyPing(noHeartbeat, ping("success"), 50_000), 5_000), 120_000)
    assert.strictEqual(deadlineOf(options, applyPing(noHeartbeat, ping("start"), 90_000), 5_000), 160_000)
    assert.strictEqual(deadlineOf(options, applyPing(noHeartbeat, ping("success"), 50_000), 200_000), 270_000)
    assert.strictEqual(missedReason(noHeartbeat), "no heartbeat has come yet")
    assert.strictEqual(
      missedReason(applyPing(noHeartbeat, ping("fail"), 0)),
      "no heartbeat came after 1970-01-01T00:00:00.000Z",
    )
    assert.strictEqual(
      missedReason(applyPing(noHeartbeat, ping("start"), 0)),
      "the run that began at 1970-01-01T00:00:00.000Z did not end",
    )
  })

  it.prop("is that of those pings that none before them overtook", [pings], ([pings]) => {
    const state = pings.reduce((state, { at, ping }) => applyPing(state, ping, at), noHeartbeat)
    const signs = pings.filter(({ ping }) => ping.event !== "log")
    const inOrder = signs.filter(({ at }, i) => signs.slice(0, i).every((earlier) => earlier.at <= at))
    const last = inOrder.at(-1)
    const end = inOrder.findLast(({ ping }) => ping.event !== "start")
    const before = end === undefined ? [] : inOrder.slice(0, inOrder.indexOf(end))
    const began = before.at(-1)?.ping.event === "start" ? before.at(-1)?.at : undefined
    const verdict = end === undefined ? null : end.ping.event === "success" ? "Up" : "Down"
    assert.strictEqual(state.lastSignAt, last?.at ?? null)
    assert.strictEqual(state.startedAt, last?.ping.event === "start" ? last.at : null)
    assert.strictEqual(state.verdict, verdict)
    assert.strictEqual(state.reason === null, verdict !== "Down")
    const measured = began === undefined || end === undefined ? null : end.at - began
    assert.strictEqual(state.runMs, end?.ping.runMs ?? measured)
    // It goes through the store as it is.
    const stored: unknown = JSON.parse(JSON.stringify(Schema.encodeSync(HeartbeatState)(state)))
    assert.deepStrictEqual(Schema.decodeUnknownSync(HeartbeatState)(stored), state)
  })

  it("is read from what the store has before the first ping", () => {
    assert.deepStrictEqual(Schema.decodeUnknownSync(HeartbeatState)({}), noHeartbeat)
  })
})
