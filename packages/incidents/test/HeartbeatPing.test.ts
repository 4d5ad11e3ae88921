import { assert, describe, it } from "@effect/vitest"
import {
  keptBody,
  maxBodyBytes,
  maxRunMs,
  type Ping,
  readHealthchecksPing,
  readKumaPush,
} from "@uptime/incidents/HeartbeatPing"
import { FastCheck as fc } from "effect"

const bytes = (text: string) => new TextEncoder().encode(text)
const nothing = bytes("")

describe("a push of Uptime Kuma", () => {
  it("is up by up or without a status, else down, with what it has to say and how long it took", () => {
    const ping: Ping = { event: "success", exitCode: null, runMs: null, body: null }
    assert.deepStrictEqual(readKumaPush({}), ping)
    assert.deepStrictEqual(readKumaPush({ status: "up", msg: "OK", ping: "" }), { ...ping, body: "OK" })
    assert.deepStrictEqual(readKumaPush({ status: "", msg: "" }), ping)
    for (const status of ["down", "DOWN", "0", "failed", "UP", " up", "pending"]) {
      assert.deepStrictEqual(readKumaPush({ status }), { ...ping, event: "fail" }, status)
    }
    assert.deepStrictEqual(readKumaPush({ status: "down", msg: "disk full", ping: "12.5" }), {
      event: "fail",
      exitCode: null,
      runMs: 12.5,
      body: "disk full",
    })
  })

  it.prop(
    "is read whatever it holds",
    [fc.string(), fc.string({ unit: "binary" }), fc.oneof(fc.string(), fc.double().map(String))],
    ([status, msg, ping]) => {
      const { body, runMs } = readKumaPush({ status, msg, ping })
      assert.isTrue(runMs === null || (runMs >= 0 && runMs <= maxRunMs))
      assert.isTrue(body === null || (body.isWellFormed() && !body.includes("\u0000")))
    },
  )
})

describe("a ping of Healthchecks", () => {
  it("says by its path what happened", () => {
    const read = (...segments: ReadonlyArray<string>) => readHealthchecksPing(segments, nothing)
    const ping = { exitCode: null, runMs: null, body: null }
    assert.deepStrictEqual(read(), { ...ping, event: "success" })
    for (const event of ["start", "fail", "log"] as const) assert.deepStrictEqual(read(event), { ...ping, event })
    assert.deepStrictEqual(read("0"), { ...ping, event: "success", exitCode: 0 })
    assert.deepStrictEqual(read("3"), { ...ping, event: "fail", exitCode: 3 })
    assert.deepStrictEqual(read("255"), { ...ping, event: "fail", exitCode: 255 })
    for (const other of ["256", "-1", "1e2", "0x1", "+1", "1.5", "999", "0000", "", "START", "stop", "__proto__"]) {
      assert.isNull(read(other), other)
    }
    assert.isNull(read("start", "0"))
  })

  it.prop(
    "keeps the end of its body, from a whole character on",
    [fc.string({ unit: "grapheme", maxLength: 40 }), fc.nat(3)],
    ([text, shift]) => {
      const long = "x".repeat(shift) + text.repeat(3_000)
      const kept = readHealthchecksPing([], bytes(long))?.body ?? ""
      assert.isTrue(long.replaceAll("\u0000", "").endsWith(kept))
      assert.isAtMost(bytes(kept).length, maxBodyBytes)
      // All of it where it is short enough, and all but part of a character where it is not.
      const size = bytes(long).length
      if (!long.includes("\u0000")) assert.isAtLeast(bytes(kept).length, Math.min(size, maxBodyBytes - 3))
    },
  )

  it.prop("keeps what can be stored of any bytes", [fc.uint8Array({ maxLength: 12_000 })], ([body]) => {
    const kept = keptBody(body)
    if (kept === null) return
    assert.isTrue(kept.isWellFormed())
    assert.notInclude(kept, "\u0000")
    assert.isAtMost(kept.length, maxBodyBytes)
  })
})
