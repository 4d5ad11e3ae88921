import { assert, describe, it } from "@effect/vitest"
import { maxRetryAfterMs, retryAfterMs } from "@uptime/alerting/RetryAfter"
import { FastCheck as fc } from "effect"
import { noon } from "./Alerts.ts"

describe("Retry-After", () => {
  const cases: ReadonlyArray<readonly [string | undefined, number | null]> = [
    [undefined, null],
    ["", null],
    ["120", 120_000],
    [" 0 ", 0],
    ["1.5", 1_500],
    ["86400", maxRetryAfterMs],
    ["99999999999999999999999", maxRetryAfterMs],
    ["-5", null],
    ["soon", null],
    ["2026", 2_026_000],
    ["Sun, 01 Mar 2026 12:00:30 GMT", 30_000],
    ["Sun, 01 Mar 2026 11:59:00 GMT", 0],
    ["Tue, 01 Mar 2033 12:00:00 GMT", maxRetryAfterMs],
    ["Sun, 99 Mar 2026 12:00:30 GMT", null],
    ["2026-03-01T12:00:30Z", null],
  ]
  it.each(cases)("%j is %j", (value, ms) => assert.strictEqual(retryAfterMs(value, noon), ms))

  it.prop("is never a wait of more than an hour", [fc.string(), fc.nat()], ([text, seconds]) => {
    for (const value of [text, String(seconds)]) {
      const ms = retryAfterMs(value, noon)
      if (ms !== null) assert.isTrue(Number.isInteger(ms) && ms >= 0 && ms <= maxRetryAfterMs)
    }
  })
})
