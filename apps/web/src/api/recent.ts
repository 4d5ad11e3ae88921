import { call } from "./call.ts"
import type { RecentChecks } from "./types.ts"

/** How long calls for recent checks are gathered, in milliseconds: what scrolls by meanwhile is not asked for. */
const gatherFor = 60

/** The most monitors of one call. */
const most = 100

interface Waiting {
  readonly id: string
  readonly signal: AbortSignal
  readonly resolve: (checks: RecentChecks) => void
  readonly reject: (error: unknown) => void
}

let waiting: ReadonlyArray<Waiting> = []

const none = (monitorId: string): RecentChecks => ({ monitorId, checks: [], uptime24h: null, uptime30d: null })

const ask = async (batch: ReadonlyArray<Waiting>): Promise<void> => {
  try {
    const { items } = await call("monitors", "recent", { urlParams: { ids: [...new Set(batch.map(({ id }) => id))] } })
    const byId = new Map(items.map((item) => [item.monitorId, item]))
    for (const { id, resolve } of batch) resolve(byId.get(id) ?? none(id))
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}

const flush = () => {
  const wanted = waiting.filter(({ signal }) => !signal.aborted)
  waiting = []
  for (let from = 0; from < wanted.length; from += most) void ask(wanted.slice(from, from + most))
}

/**
 * The recent checks of one monitor, in one call with those of others that are asked for within a moment. None for a monitor
 * that is not there.
 *
 * @param signal that nobody waits for it any more
 */
export const recentOf = (id: string, signal: AbortSignal): Promise<RecentChecks> =>
  new Promise((resolve, reject) => {
    if (waiting.length === 0) setTimeout(flush, gatherFor)
    waiting = [...waiting, { id, signal, resolve, reject }]
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  })
