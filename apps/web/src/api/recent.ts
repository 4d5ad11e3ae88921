import { currentTime } from "../ui/clock.ts"
import { call } from "./call.ts"
import type { RecentChecks } from "./types.ts"

/** How long it is quiet before recent checks are asked for, in milliseconds: what scrolls by meanwhile is not asked for. */
const quietFor = 60

/** The longest that somebody waits for the others, in milliseconds. */
const gatherFor = 300

/** The most monitors of one call. */
const most = 100

interface Waiting {
  readonly id: string
  readonly signal: AbortSignal
  readonly resolve: (checks: RecentChecks) => void
  readonly reject: (error: unknown) => void
}

let waiting: ReadonlyArray<Waiting> = []
let began = 0
let timer: ReturnType<typeof setTimeout> | undefined

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
    const now = currentTime()
    if (waiting.length === 0) began = now
    waiting = [...waiting, { id, signal, resolve, reject }]
    clearTimeout(timer)
    timer = setTimeout(flush, Math.max(0, Math.min(quietFor, began + gatherFor - now)))
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  })
