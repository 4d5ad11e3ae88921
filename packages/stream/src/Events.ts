import { IncidentId, MonitorId, UserId } from "@uptime/domain/Ids"
import { Region } from "@uptime/domain/Region"
import { Context, type Effect, type Queue, Schema, type Scope } from "effect"

/** A stored result by its key: monitor, region, slot (milliseconds since the epoch). */
export const ResultKey = Schema.Tuple(MonitorId, Region, Schema.Number.pipe(Schema.between(0, 8.64e15)))
export type ResultKey = typeof ResultKey.Type

/** What one process tells all others, once it is committed: that there is something to read, not what it says. */
export const Event = Schema.Union(
  Schema.TaggedStruct("Results", { keys: Schema.Array(ResultKey) }),
  Schema.TaggedStruct("Changed", {
    userId: UserId,
    monitorIds: Schema.Array(MonitorId),
    incidentIds: Schema.Array(IncidentId),
  }),
)
export type Event = typeof Event.Type

/** An event, or word that some may have been missed: whoever relies on them reads everything anew. */
export type Heard = Event | { readonly _tag: "Gap" }

/** The most events that wait for a subscriber; beyond them it has a gap. */
export const maxWaiting = 1_000

/**
 * What is told between processes while it happens. It is a convenience and no record: an event may be missed, and comes at
 * most once; what it is about is in the database, and whoever must know it looks there from time to time.
 */
export class Events extends Context.Tag("@uptime/stream/Events")<
  Events,
  {
    /** Tells everybody who listens. Waits for nothing, never fails, and costs next to nothing while nobody listens. */
    readonly publish: (event: Event) => Effect.Effect<void>
    /**
     * What is told from now on, until the scope closes: at most 1,000 events wait, and a `Gap` stands for what may have
     * been missed.
     */
    readonly subscribe: Effect.Effect<Queue.Dequeue<Heard>, never, Scope.Scope>
  }
>() {}
