import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { counted, duration, relativeTime, shortUrl, span, uptime } from "../../src/ui/format.ts"

describe("how numbers are written", () => {
  it("an uptime is never more than it was, and 100 % only what it was", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (percent) => {
        const text = uptime(percent)
        assert.isAtMost(Number.parseFloat(text), percent + 1e-6)
        assert.strictEqual(text === "100 %", percent === 100)
      }),
    )
    assert.strictEqual(uptime(99.999), "99.99 %")
    assert.strictEqual(uptime(null), "–")
  })

  it("a response time has about three digits", () => {
    assert.deepStrictEqual([0.042, 9.96, 84.4, 999.4, 999.6, 1_239, 60_000, 842_900, 3_660_000, null].map(duration), [
      "0.0 ms",
      "9.9 ms",
      "84 ms",
      "999 ms",
      "1.00 s",
      "1.24 s",
      "1.0 min",
      "14.0 min",
      "1.0 h",
      "–",
    ])
  })

  it("times are told by their largest unit, to both sides of now", () => {
    const now = Date.parse("2026-06-01T12:00:00Z")
    assert.strictEqual(relativeTime(now - 5_000, now), "just now")
    assert.strictEqual(relativeTime(now - 45_000, now), "45 s ago")
    assert.strictEqual(relativeTime(now - 3_600_000, now), "1 h ago")
    assert.strictEqual(relativeTime(now + 2 * 86_400_000, now), "in 2 days")
    assert.strictEqual(relativeTime(now - 31 * 86_400_000, now), "1 month ago")
    assert.strictEqual(relativeTime(now + 400 * 86_400_000, now), "in 1 year")
    assert.deepStrictEqual([-5, 42_000, 300_000, 12_000_000, 3 * 86_400_000].map(span), [
      "0 s",
      "42 s",
      "5 min",
      "3 h 20 min",
      "3 days",
    ])
  })

  it("counts carry their noun, and URLs lose what all have", () => {
    assert.strictEqual(counted(1, "monitor"), "1 monitor")
    assert.strictEqual(counted(10_000, "monitor"), "10,000 monitors")
    assert.strictEqual(shortUrl("https://example.com/"), "example.com")
    assert.strictEqual(shortUrl("https://example.com/a/"), "example.com/a/")
    assert.strictEqual(shortUrl("tcp://db.example.com:5432"), "tcp://db.example.com:5432")
  })
})
