import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { orders, readListSearch, toggled } from "../../src/monitors/list/listSearch.ts"
import { statusOrder } from "../../src/ui/status.ts"

describe("the address of the list", () => {
  it("is read back as it was written, but for what is so anyway", () => {
    const name = fc.string({ minLength: 1, maxLength: 20 })
    const names = fc.uniqueArray(name, { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(
        fc.record(
          {
            q: name,
            status: fc.subarray([...statusOrder], { minLength: 1 }),
            tag: names,
            group: names,
            kind: names,
            sort: fc.constantFrom(...orders.filter((order) => order !== "status")),
            grouped: fc.constant(true),
          },
          { requiredKeys: [] },
        ),
        (search) => assert.deepStrictEqual({ ...readListSearch(search) }, { ...search }),
      ),
    )
  })

  it("says nothing where it makes no sense, whatever is there", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("q", "status", "tag", "kind", "sort", "grouped"), fc.anything()),
        (any) => {
          const { status = [], tag = [], sort = "name", q = "" } = readListSearch(any)
          assert.isTrue(status.every((each) => statusOrder.includes(each)))
          assert.isTrue(tag.every((each) => typeof each === "string" && each !== ""))
          assert.include(orders, sort)
          assert.isAtMost(q.length, 200)
        },
      ),
    )
  })

  it("a name that is toggled twice is as it was", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.string(), (names, name) => {
        fc.pre(names.length > 0 && !names.includes(name))
        assert.deepStrictEqual(toggled(toggled(names, name), name), names)
      }),
    )
  })
})
