import { assert, describe, it } from "@effect/vitest"
import {
  doubledRows,
  executedTwice,
  lostRows,
  neverAsked,
  noDouble,
  noLoss,
  noPhantom,
  phantomRows,
  type StoredRow,
} from "@uptime/testing/faults/Accounting"
import { jobKey, rowKey } from "@uptime/testing/faults/JobKey"

const job = (slot: number) => jobKey("m", slot)
const key = (slot: number, region = "USA") => rowKey(job(slot), region)
const row = (slot: number, region = "USA", isChecked = true): StoredRow => ({
  key: key(slot, region),
  status: isChecked ? "Up" : "Unknown",
  isChecked,
})

describe("I1 no loss", () => {
  it("names what was scheduled and is neither stored nor set aside", () => {
    const scheduled = new Set([key(1), key(2), key(3), key(3, "India")])
    const lost = lostRows(scheduled, [row(1), row(3)], new Set([key(2)]))
    assert.deepStrictEqual(lost, ["m@3#India"])
    assert.deepStrictEqual(noLoss(lost), [{ promise: "I1 no loss", what: "1 lost: m@3#India" }])
    assert.deepStrictEqual(noLoss([]), [])
  })

  it("counts an expired job as stored, for its row says so", () => {
    assert.deepStrictEqual(lostRows(new Set([key(1)]), [row(1, "USA", false)], new Set()), [])
  })
})

describe("I2 no phantom", () => {
  it("names what is stored of jobs that nobody even tried to schedule", () => {
    const phantom = phantomRows(new Set([key(1), key(2)]), [row(1), row(4)])
    assert.deepStrictEqual(phantom, ["m@4#USA"])
    assert.strictEqual(noPhantom(phantom)[0]?.what, "1 stored and never scheduled: m@4#USA")
  })
})

describe("I3 no double", () => {
  it("names each key that several rows have, once", () => {
    assert.deepStrictEqual(doubledRows([row(1), row(2), row(1), row(1), row(2, "India")]), ["m@1#USA"])
    assert.strictEqual(noDouble(["m@1#USA"])[0]?.what, "1 stored twice: m@1#USA")
  })

  it("counts requests beyond one for each row that a check was run for", () => {
    const rows = [row(1), row(1, "India"), row(2), row(3, "USA", false)]
    const hits = new Map([
      [job(1), 3],
      [job(2), 1],
      [job(3), 1],
    ])
    assert.deepStrictEqual(
      [...executedTwice(hits, rows)],
      [
        [job(1), 1],
        [job(3), 1],
      ],
    )
  })

  it("names rows of checks whose target was never asked", () => {
    assert.deepStrictEqual(neverAsked(new Map([[job(1), 1]]), [row(1), row(2), row(3, "USA", false)]), ["m@2#USA"])
  })

  it("says how many there are, and names only the first few", () => {
    const [all] = noLoss(Array.from({ length: 7 }, (_, n) => key(n)))
    assert.strictEqual(all?.what, "7 lost: m@0#USA, m@1#USA, m@2#USA, m@3#USA, m@4#USA, …")
  })
})
