import { assert, describe, it } from "@effect/vitest"
import { accessCookieName, accessToken, hasAccess, isSame, signingKey } from "@uptime/api/pages/PageAccess"
import { StatusPageId } from "@uptime/domain/Ids"
import { FastCheck as fc, Redacted } from "effect"

const key = signingKey(Redacted.make("b7QTrEZn0Wq1lMSd6kCJxH4yUu9aPvGf"), "access")
const anyPage = fc.record({
  id: fc.uuid().map((id) => StatusPageId.make(id)),
  passwordHash: fc.option(fc.string({ minLength: 1 })),
})
const seconds = fc.integer({ min: 1, max: 99_999_999_999 })
const otherCookies = fc.array(fc.stringMatching(/^[a-z]{1,5}=[\w.-]{0,20}$/), { maxLength: 3 })

describe("the cookie of a page whose password was given", () => {
  it("lets in until its time is over, among whatever other cookies", () => {
    fc.assert(
      fc.property(anyPage, seconds, seconds, otherCookies, (page, expiresAt, now, others) => {
        const own = `${accessCookieName(page)}=${accessToken(key, page, expiresAt)}`
        assert.strictEqual(hasAccess(key, page, [...others, own, ...others].join("; "), now), now < expiresAt)
        assert.isFalse(hasAccess(key, page, others.join("; "), now))
        assert.isFalse(hasAccess(key, page, undefined, now))
      }),
    )
  })

  it("is worth nothing for another page, another password, another key or another time, or with any letter changed", () => {
    fc.assert(
      fc.property(anyPage, anyPage, seconds, fc.nat(), (page, other, expiresAt, place) => {
        fc.pre(page.id !== other.id)
        const token = accessToken(key, page, expiresAt)
        const cookie = (of: typeof page, value: string) => `${accessCookieName(of)}=${value}`
        assert.isFalse(hasAccess(key, other, cookie(other, token), 0))
        const renewed = { ...page, passwordHash: `${page.passwordHash}x` }
        assert.isFalse(hasAccess(key, renewed, cookie(renewed, token), 0))
        const foreign = signingKey(Redacted.make("b7QTrEZn0Wq1lMSd6kCJxH4yUu9aPvGf"), "other")
        assert.isFalse(hasAccess(foreign, page, cookie(page, token), 0))
        assert.isFalse(hasAccess(key, page, cookie(page, token.replace(/^\d+/, String(expiresAt + 1))), 0))
        const at = place % token.length
        const changed = `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`
        assert.isFalse(hasAccess(key, page, cookie(page, changed), 0))
      }),
    )
  })

  it("is compared as a whole", () => {
    fc.assert(fc.property(fc.string(), fc.string(), (one, other) => isSame(one, other) === (one === other)))
  })
})
