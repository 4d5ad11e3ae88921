import { assert, describe, it } from "@effect/vitest"
import { PublicPage } from "@uptime/statuspage/PublicPage"
import { Arbitrary, FastCheck, Schema } from "effect"

const Stored = Schema.parseJson(PublicPage)

describe("PublicPage", () => {
  it("is kept as JSON and read back as it was", () => {
    FastCheck.assert(
      FastCheck.property(Arbitrary.make(PublicPage), (page) => {
        assert.deepStrictEqual(Schema.decodeSync(Stored)(Schema.encodeSync(Stored)(page)), page)
      }),
      { numRuns: 50 },
    )
  })
})
