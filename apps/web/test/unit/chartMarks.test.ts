import { assert, describe, it } from "@effect/vitest"
import { marksOf } from "../../src/monitors/detail/chart/marks.ts"
import type { IncidentSummary } from "../../src/monitors/detail/queries.ts"

const at = (hour: number) => `2026-11-29T${String(hour).padStart(2, "0")}:00:00.000Z`
const stretch = { from: Date.parse(at(6)), to: Date.parse(at(18)) }

const outage = (startedAt: string, endedAt: string | null) => ({
  monitorId: "m",
  name: "Shop",
  startedAt,
  endedAt,
  incidentId: null,
})

const incident = (id: string, startedAt: string, resolvedAt: string | null): IncidentSummary => ({
  id,
  title: `Incident ${id}`,
  severity: "Down",
  startedAt,
  noticedAt: startedAt,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt,
  resolvedBy: null,
  isPublic: false,
  monitorCount: 1,
  monitorNames: [],
  updatedAt: startedAt,
})

const maintenance = (startsAt: string, endsAt: string | null) => ({ title: "Upgrade", startsAt, endsAt })

const kindsAndTimes = (...given: Parameters<typeof marksOf>) =>
  marksOf(...given).map(({ from, kind }) => [kind, new Date(from).toISOString()])

describe("the marks of a chart", () => {
  it("are what reaches into what is shown, in the order in which it began", () => {
    const marks = kindsAndTimes(
      stretch,
      [outage(at(17), null), outage(at(5), at(7)), outage(at(3), at(6)), outage(at(18), null)],
      [incident("a", at(12), at(13))],
      [maintenance(at(1), null), maintenance(at(8), at(9)), maintenance(at(2), at(5))],
    )
    assert.deepStrictEqual(marks, [
      ["maintenance", at(1)],
      ["outage", at(5)],
      ["maintenance", at(8)],
      ["incident", at(12)],
      ["outage", at(17)],
    ])
  })

  it("of incidents are where these began", () => {
    assert.deepStrictEqual(kindsAndTimes(stretch, [], [incident("a", at(5), null), incident("b", at(6), at(7))], []), [
      ["incident", at(6)],
    ])
  })
})
