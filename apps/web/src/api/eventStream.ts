import type { QueryClient } from "@tanstack/react-query"
import { LiveUpdates } from "./live.ts"

/** How the dashboard learns of news: at once, or by asking every few seconds while there is no stream of events. */
export type LiveState = "live" | "connecting" | "polling"

/** How often is asked while there is no stream, in milliseconds. */
const pollEvery = 10_000

/** The waits before a stream that was refused is asked for again, in milliseconds; the last one from then on. */
const waits = [1_000, 2_000, 5_000, 15_000, 30_000]

/** How long the browser tries to connect before the page says that it asks by itself meanwhile, in milliseconds. */
const connectFor = 5_000

/** How long a page may be hidden before its stream is given up: browsers allow few connections to a server. */
const hiddenFor = 60_000

let state: LiveState = "connecting"
const listeners = new Set<() => void>()

/** What the state is now, and calls back when it changes. */
export const liveState = {
  get: (): LiveState => state,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

const setState = (next: LiveState) => {
  state = next
  for (const listener of listeners) listener()
}

/**
 * Keeps what is shown up to date by the server's events. It goes on after the last event that came; while there is no
 * stream, it asks every ten seconds and goes on trying.
 *
 * @returns ends it
 */
export const startLive = (client: QueryClient): (() => void) => {
  const updates = new LiveUpdates(client)
  let source: EventSource | undefined
  let lastEventId = ""
  let refused = 0
  let interrupted = false
  let late: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let hidden: ReturnType<typeof setTimeout> | undefined

  const on = <T>(name: string, take: (data: T) => void) => {
    source?.addEventListener(name, (event) => {
      lastEventId = event.lastEventId
      take(JSON.parse(event.data))
    })
  }

  const connect = () => {
    source?.close()
    late ??= setTimeout(() => setState("polling"), connectFor)
    source = new EventSource(
      lastEventId === "" ? "/api/events" : `/api/events?lastEventId=${encodeURIComponent(lastEventId)}`,
    )
    source.addEventListener("open", () => {
      // What happened meanwhile, the server tells only to who says after which event.
      if (state === "polling" || (interrupted && lastEventId === "")) updates.reset()
      clearTimeout(late)
      late = undefined
      interrupted = false
      refused = 0
      setState("live")
    })
    source.addEventListener("error", () => {
      interrupted = true
      // While it is not closed, the browser connects again by itself.
      if (source?.readyState !== EventSource.CLOSED) {
        if (state === "live") setState("connecting")
        late ??= setTimeout(() => setState("polling"), connectFor)
        return
      }
      setState("polling")
      again = setTimeout(connect, waits[Math.min(refused++, waits.length - 1)])
    })
    on<Parameters<LiveUpdates["result"]>[0]>("result", (data) => updates.result(data))
    on<Parameters<LiveUpdates["monitor"]>[0]>("monitor", (data) => updates.monitor(data))
    on("incident", () => updates.incident())
    on("reset", () => updates.reset())
  }

  const close = () => {
    clearTimeout(again)
    clearTimeout(late)
    late = undefined
    interrupted = true
    source?.close()
    source = undefined
  }

  const seen = () => {
    clearTimeout(hidden)
    if (document.hidden) hidden = setTimeout(close, hiddenFor)
    else if (source === undefined) connect()
  }

  const poll = setInterval(() => {
    if (state !== "live" && !document.hidden) updates.reset()
  }, pollEvery)
  document.addEventListener("visibilitychange", seen)
  connect()
  return () => {
    clearInterval(poll)
    clearTimeout(hidden)
    document.removeEventListener("visibilitychange", seen)
    close()
  }
}
