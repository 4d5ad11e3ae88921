import { assert, describe, it } from "@effect/vitest"
import { FastCheck } from "effect"
import { incidentStates, readIncidentSearch } from "../../src/incidents/incidentSearch.ts"

describe("the address of the incidents", () => {
  it("says which are shown, and what is looked for", () => {
    assert.deepStrictEqual(readIncidentSearch({ state: "open", q: " shop " }), { state: "open", q: "shop" })
    assert.deepStrictEqual(readIncidentSearch({ state: "all", q: "" }), {})
    assert.deepStrictEqual(readIncidentSearch({ state: "what", q: 503 }), { q: "503" })
  })

  it.prop(
    "is read back as it was, whatever somebody typed",
    [FastCheck.constantFrom(...incidentStates), FastCheck.string()],
    ([state, q]) => {
      const read = readIncidentSearch({ state, q })
      assert.deepStrictEqual(readIncidentSearch({ ...read }), read)
      assert.isAtMost(read.q?.length ?? 0, 200)
    },
  )
})
