import { QueryClient } from "@tanstack/react-query"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { LiveUpdates } from "../../src/api/live.ts"

const ids = Array.from({ length: 200 }, (_, n) => `monitor-${n}`)

/** What the dashboard knows once somebody has looked at all monitors, and closely at two of them. */
const known: ReadonlyArray<ReadonlyArray<unknown>> = [
  ...ids.map((id) => ["recent", id]),
  ...["monitor-1", "monitor-2"].flatMap((id) => [
    ["monitor", id],
    ["latest", id],
    ["results", id, { status: "Down" }],
    ["series", id, { range: "24h" }],
    ["heartbeat", id],
    ["outages", id],
    ["stats", id],
    ["days", id],
  ]),
  ["incidents", { state: "open" }],
  ["incident", "monitor-1"],
  ["deliveries", "c1"],
  ["maintenances"],
  ["me"],
  ["tags"],
]

let client = new QueryClient()

/** What is read anew after events, each key in a line of its own. */
const readAnew = async (tell: (live: LiveUpdates) => void): Promise<ReadonlyArray<string>> => {
  tell(new LiveUpdates(client))
  await vi.advanceTimersByTimeAsync(200)
  const queries = client.getQueryCache().getAll()
  return queries.filter(({ state }) => state.isInvalidated).map(({ queryKey }) => JSON.stringify(queryKey))
}

beforeEach(() => {
  vi.useFakeTimers()
  client = new QueryClient()
  for (const key of known) client.setQueryData(key, "known")
})

afterEach(() => {
  client.clear()
  vi.useRealTimers()
})

const result = { location: "USA", status: "Up", checkedAt: "2026-03-01T12:00:00Z", responseTimeMs: 12 } as const

describe("events of the server", () => {
  it("of results make stale what is shown of these monitors' results, and of no other's", async () => {
    const stale = await readAnew((live) => {
      live.result({ monitorId: "monitor-1", results: [result, result] })
      live.result({ monitorId: "monitor-7", results: [result] })
    })
    expect(stale).toEqual([
      '["recent","monitor-1"]',
      '["recent","monitor-7"]',
      '["monitor","monitor-1"]',
      '["latest","monitor-1"]',
      '["results","monitor-1",{"status":"Down"}]',
      '["series","monitor-1",{"range":"24h"}]',
      '["heartbeat","monitor-1"]',
    ])
  })

  it("of monitors make stale what is shown of their status, and all incidents", async () => {
    // More than are asked for one by one, so that nothing is asked of a server.
    const others = ids.slice(100, 130)
    const stale = await readAnew((live) => live.monitor({ ids: ["monitor-2", ...others] }))
    expect(stale).toEqual([
      '["monitor","monitor-2"]',
      '["latest","monitor-2"]',
      '["outages","monitor-2"]',
      '["stats","monitor-2"]',
      '["days","monitor-2"]',
      '["incidents",{"state":"open"}]',
      '["incident","monitor-1"]',
      '["deliveries","c1"]',
      '["maintenances"]',
    ])
  })

  it("of incidents make stale these alone", async () => {
    expect(await readAnew((live) => live.incident())).toEqual([
      '["incidents",{"state":"open"}]',
      '["incident","monitor-1"]',
      '["deliveries","c1"]',
      '["maintenances"]',
    ])
  })

  it("that may have been missed make everything stale", async () => {
    expect(await readAnew((live) => live.reset())).toHaveLength(known.length)
  })
})
