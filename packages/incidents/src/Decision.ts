import type { ChannelId, IncidentId, MonitorId } from "@uptime/domain/Ids"
import type { Overlay } from "@uptime/domain/Overlay"
import type { Flapping, IncidentPart, OpenIncident } from "./World.ts"

/** What the judge decides; the store writes all of one judgement in one transaction, in this order. */
export type Decision =
  /** A new incident, under an id that the judge's caller supplied. It may be over already: then `Resolve` follows. */
  | {
      readonly _tag: "Open"
      readonly incident: Pick<OpenIncident, "id" | "key" | "title" | "severity" | "startedAt" | "tellAt">
      readonly parts: ReadonlyArray<IncidentPart>
    }
  /** A monitor's part in an open incident is now this: it joined, came back, became worse, ended, or changed its role. */
  | { readonly _tag: "Part"; readonly incidentId: IncidentId; readonly part: IncidentPart }
  /** The monitor left the incident before anything was told of it: its part goes. */
  | { readonly _tag: "Leave"; readonly incidentId: IncidentId; readonly monitorId: MonitorId }
  /** The incident has another severity or title now. */
  | {
      readonly _tag: "Rename"
      readonly incidentId: IncidentId
      readonly severity: OpenIncident["severity"]
      readonly title: string
    }
  /** It is over; the judge need not look at it again. `note` says why where its monitors are not simply well again. */
  | { readonly _tag: "Resolve"; readonly incidentId: IncidentId; readonly at: number; readonly note: string | null }
  /** Never told and nothing left of it: as if it had not been. */
  | { readonly _tag: "Discard"; readonly incidentId: IncidentId }
  /**
   * A message: a row of the outbox, unless it is there. Not sent before `dueAt`; it says what is when it is sent. `change`
   * is `opened`, `updated:<n>`, `resolved`, `flapping:<n>`, `settled:<n>`, `reminder:<n>`, `escalation:<step>` or `acknowledged`, counted
   * from 1 per incident and channel. A channel's first message is `opened`, `flapping:1` where all that fails is
   * flapping, or an escalation.
   */
  | {
      readonly _tag: "Tell"
      readonly incidentId: IncidentId
      readonly change: string
      readonly channelId: ChannelId
      readonly at: number
      readonly dueAt: number
    }
  /** A message that waits is not sent after all: its row goes, unless it was leased meanwhile. */
  | { readonly _tag: "Untell"; readonly incidentId: IncidentId; readonly change: string; readonly channelId: ChannelId }
  /** An overlay begins, as early as `at`; null: it ends, and the monitor begins anew. */
  | { readonly _tag: "Overlay"; readonly monitorId: MonitorId; readonly overlay: Overlay | null; readonly at: number }
  | { readonly _tag: "Flap"; readonly monitorId: MonitorId; readonly flapping: Flapping }
  /** When the judge has to look at this incident again though nothing changes; null for never. */
  | { readonly _tag: "LookAgain"; readonly incidentId: IncidentId; readonly at: number | null }
