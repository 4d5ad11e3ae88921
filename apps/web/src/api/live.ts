import type { Query, QueryClient } from "@tanstack/react-query"
import { ApiFailure } from "./ApiFailure.ts"
import { call } from "./call.ts"
import { type NewResult, withMonitor, withoutMonitors, withResults } from "./patches.ts"
import { monitorQuery, summariesQuery } from "./queries.ts"

/** How long events are gathered before what is shown changes, in milliseconds. */
const gatherFor = 200

/** Above so many changed monitors the whole list is read anew. */
const mostSingly = 20

/** The most results that are kept until what is shown changes; beyond, the list is read anew. */
const mostResults = 5_000

/** What came since what is shown was changed last. */
interface Gathered {
  readonly results: Array<NewResult>
  readonly monitors: Set<string>
  incidents: boolean
  all: boolean
}

const nothing = (): Gathered => ({ results: [], monitors: new Set(), incidents: false, all: false })

/** What is asked of a monitor that is another with each of its results, by the first word of its key; its id is the second. */
const ofResults: ReadonlySet<unknown> = new Set(["monitor", "recent", "latest", "results", "series", "heartbeat"])

/** The same, of what is another when the monitor is: edited, or in another status. */
const ofMonitors: ReadonlySet<unknown> = new Set(["monitor", "latest", "outages", "stats", "days"])

/** What is asked of incidents, and of what changes with them. */
const ofIncidents: ReadonlySet<unknown> = new Set(["incidents", "incident", "deliveries", "maintenances"])

/** What is told at once: monitors with new results, monitors that changed, and whether incidents did. */
interface News {
  readonly checked: ReadonlySet<string>
  readonly changed: ReadonlySet<string>
  readonly incidents: boolean
}

/** Takes events of the server and brings what is shown up to date, a few times a second. */
export class LiveUpdates {
  readonly #client: QueryClient
  #gathered = nothing()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(client: QueryClient) {
    this.#client = client
  }

  /** New results of a monitor. */
  result(event: { readonly monitorId: string; readonly results: ReadonlyArray<Omit<NewResult, "monitorId">> }) {
    for (const { checkedAt, responseTimeMs } of event.results) {
      this.#gathered.results.push({ monitorId: event.monitorId, checkedAt, responseTimeMs })
    }
    if (this.#gathered.results.length > mostResults) this.reset()
    this.#soon()
  }

  /** Monitors that were added, edited, deleted, or have another status. */
  monitor(event: { readonly ids: ReadonlyArray<string> }) {
    for (const id of event.ids) this.#gathered.monitors.add(id)
    this.#soon()
  }

  /** An incident that is new or changed. */
  incident() {
    this.#gathered.incidents = true
    this.#soon()
  }

  /** What happened meanwhile is not known. */
  reset() {
    this.#gathered = { ...nothing(), all: true }
    this.#soon()
  }

  #soon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#apply()
    }, gatherFor)
  }

  async #apply() {
    const { results, monitors, incidents, all } = this.#gathered
    this.#gathered = nothing()
    const client = this.#client
    if (all) return client.invalidateQueries()
    client.setQueryData(summariesQuery.queryKey, (old) => (old === undefined ? old : [...withResults(old, results)]))
    this.#stale({ checked: new Set(results.map(({ monitorId }) => monitorId)), changed: monitors, incidents })
    if (monitors.size === 0) return
    if (monitors.size > mostSingly) return client.invalidateQueries({ queryKey: summariesQuery.queryKey })
    await Promise.all([...monitors].map((id) => this.#refresh(id)))
  }

  /** One look at all that is known, however much is new: of ten thousand monitors that were looked at it is ten thousand queries. */
  #stale({ checked, changed, incidents }: News) {
    const isStale = ({ queryKey: [what, of] }: Query): boolean => {
      if (ofIncidents.has(what)) return incidents || changed.size > 0
      if (typeof of !== "string") return false
      return (ofResults.has(what) && checked.has(of)) || (ofMonitors.has(what) && changed.has(of))
    }
    void this.#client.invalidateQueries({ predicate: isStale })
  }

  async #refresh(id: string) {
    const client = this.#client
    try {
      const monitor = await call("monitors", "get", { path: { id } })
      client.setQueryData(monitorQuery(id).queryKey, monitor)
      client.setQueryData(summariesQuery.queryKey, (old) => (old === undefined ? old : [...withMonitor(old, monitor)]))
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 404) {
        client.setQueryData(summariesQuery.queryKey, (old) =>
          old === undefined ? old : [...withoutMonitors(old, new Set([id]))],
        )
      } else await client.invalidateQueries({ queryKey: summariesQuery.queryKey })
    }
  }
}
