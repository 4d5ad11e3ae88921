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

  it("is read back also where it was kept before there were regions", () => {
    FastCheck.assert(
      FastCheck.property(Arbitrary.make(PublicPage), (page) => {
        const kept = JSON.parse(Schema.encodeSync(Stored)(page), (key, value) =>
          key === "regions" || key === "regionStatuses" ? undefined : value,
        )
        for (const { items } of Schema.decodeUnknownSync(PublicPage)(kept).sections) {
          for (const item of items) assert.deepStrictEqual([item.regions, item.regionStatuses], [[], []])
        }
      }),
      { numRuns: 20 },
    )
  })
})
