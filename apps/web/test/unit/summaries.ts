import { CheckKind } from "@uptime/domain/CheckKind"
import { MonitorStatus } from "@uptime/domain/MonitorStatus"
import fc from "fast-check"
import type { MonitorSummary } from "../../src/api/types.ts"

const time = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString())

/** Any monitor of a list. */
export const summary: fc.Arbitrary<MonitorSummary> = fc.record({
  id: fc.uuid(),
  name: fc.string({ minLength: 1, maxLength: 20 }),
  url: fc.webUrl(),
  kind: fc.constantFrom(...CheckKind.literals),
  group: fc.option(fc.constantFrom("Europe", "Asia", "10", "9")),
  tags: fc.uniqueArray(fc.constantFrom("production", "staging", "shop", "api"), { maxLength: 4 }),
  enabled: fc.boolean(),
  intervalSeconds: fc.integer({ min: 30, max: 3_600 }),
  status: fc.constantFrom(...MonitorStatus.literals),
  since: fc.option(time),
  overlay: fc.option(fc.constantFrom("Maintenance", "Unreachable")),
  regions: fc.array(fc.record({ location: fc.constantFrom("USA", "India"), status: fc.constantFrom("Up", "Down") }), {
    maxLength: 2,
  }),
  responseTimeMs: fc.option(fc.double({ min: 0, max: 60_000, noNaN: true })),
  checkedAt: fc.option(time),
  uptime24h: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
})

/** A list of monitors, each with its own id. */
export const summaries = fc.uniqueArray(summary, { selector: ({ id }) => id, maxLength: 30 })
