import type { ChannelId, IncidentId, MonitorId } from "@uptime/domain/Ids"
import type { Overlay } from "@uptime/domain/Overlay"
import type { Flapping, IncidentPart, OpenIncident } from "./World.ts"

/** What the judge decides; the store writes all of one judgement in one transaction, in this order. */
export type Decision =
  /** A new incident. Its id was made by the judge's caller (`newId`), so that other decisions can name it. */
  | {
      readonly _tag: "Open"
      readonly incident: Pick<OpenIncident, "id" | "key" | "severity" | "startedAt" | "tellAt">
      readonly title: string
      readonly parts: ReadonlyArray<IncidentPart>
    }
  /** A monitor's part in an open incident is now this: it joined, ended, or changed its role. */
  | { readonly _tag: "Part"; readonly incidentId: IncidentId; readonly part: IncidentPart }
  /** The monitor left the incident before anything was told of it. */
  | { readonly _tag: "Leave"; readonly incidentId: IncidentId; readonly monitorId: MonitorId }
  /** The incident has another severity, title or key now: it grew, or its cause turned out. */
  | {
      readonly _tag: "Rename"
      readonly incidentId: IncidentId
      readonly key: string
      readonly severity: OpenIncident["severity"]
      readonly title: string
    }
  | { readonly _tag: "Resolve"; readonly incidentId: IncidentId; readonly at: number; readonly note: string | null }
  /** Never told and nothing left of it: as if it had not been. */
  | { readonly _tag: "Discard"; readonly incidentId: IncidentId }
  /** A message: a row of the outbox, unless it is there. Not sent before `dueAt`. */
  | {
      readonly _tag: "Tell"
      readonly incidentId: IncidentId
      /** `opened`, `updated:<n>`, `resolved`, `flapping:<n>`, `settled:<n>`, `reminder:<n>`, `escalation:<step>`. */
      readonly change: string
      readonly channelId: ChannelId
      readonly at: number
      readonly dueAt: number
    }
  /** A message that is still waiting is not sent after all. */
  | { readonly _tag: "Untell"; readonly incidentId: IncidentId; readonly change: string; readonly channelId: ChannelId }
  /** An overlay begins; null: it ends, and the monitor begins anew. */
  | { readonly _tag: "Overlay"; readonly monitorId: MonitorId; readonly overlay: Overlay | null; readonly at: number }
  | { readonly _tag: "Flap"; readonly monitorId: MonitorId; readonly flapping: Flapping }
  /** When the judge has to look at this incident again though nothing changes; null for never. */
  | { readonly _tag: "LookAgain"; readonly incidentId: IncidentId; readonly at: number | null }
