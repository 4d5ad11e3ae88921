import { assert, describe, it } from "@effect/vitest"
import { challengeName, domainState, isProof, proofDays } from "@uptime/domain/DomainProof"
import { FastCheck as fc } from "effect"

const limitMs = proofDays * 86_400_000

describe("the proof of a host name", () => {
  it("is the token, alone in a record, among whatever other records there are", () => {
    const token = fc.stringMatching(/^[\w-]{32}$/)
    fc.assert(
      fc.property(token, fc.array(fc.string()), fc.nat(), (secret, others, at) => {
        const strangers = others.filter((text) => text.trim() !== secret)
        assert.isFalse(isProof(strangers, secret))
        const place = at % (strangers.length + 1)
        assert.isTrue(isProof([...strangers.slice(0, place), ` ${secret} `, ...strangers.slice(place)], secret))
        assert.isFalse(isProof([`x${secret}`, secret.slice(1)], secret))
      }),
    )
    assert.isFalse(isProof(["", " "], ""))
    assert.strictEqual(challengeName("status.example.com"), "_uptime-challenge.status.example.com")
  })

  it("is waited for for seven days, and what was seen counts whenever it was asked for", () => {
    const instant = fc.integer({ min: 0, max: 4e12 })
    fc.assert(
      fc.property(instant, instant, fc.option(instant), (askedAt, now, provenAt) => {
        const expected = provenAt !== null ? "proven" : now - askedAt < limitMs ? "pending" : "expired"
        assert.strictEqual(domainState(askedAt, provenAt, now), expected)
      }),
    )
    assert.strictEqual(domainState(0, null, limitMs - 1), "pending")
    assert.strictEqual(domainState(0, null, limitMs), "expired")
  })
})
