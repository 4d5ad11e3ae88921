import type { IncidentSummary, MaintenanceTime, Outage } from "../queries.ts"
import type { Stretch } from "./stretch.ts"

/** Something that is marked on a chart: a time, or for an incident the moment at which it began. */
export interface Mark {
  readonly id: string
  readonly kind: "outage" | "incident" | "maintenance"
  /** Milliseconds since the epoch; `to` is null while it goes on. */
  readonly from: number
  readonly to: number | null
  /** The incident's or maintenance's title. */
  readonly title: string | null
  readonly incidentId: string | null
}

/** The words for the kinds of marks. */
export const markWords: Readonly<Record<Mark["kind"], string>> = {
  outage: "Outage",
  incident: "Incident",
  maintenance: "Maintenance",
}

/** What happened within a stretch, in the order in which it began. */
export const marksOf = (
  stretch: Stretch,
  outages: ReadonlyArray<Outage>,
  incidents: ReadonlyArray<IncidentSummary>,
  maintenances: ReadonlyArray<MaintenanceTime>,
): ReadonlyArray<Mark> =>
  [
    ...outages.map(
      ({ endedAt, incidentId, startedAt }): Mark => ({
        id: `outage-${startedAt}`,
        kind: "outage",
        from: Date.parse(startedAt),
        to: endedAt === null ? null : Date.parse(endedAt),
        title: null,
        incidentId,
      }),
    ),
    ...incidents.map(
      ({ id, resolvedAt, startedAt, title }): Mark => ({
        id: `incident-${id}`,
        kind: "incident",
        from: Date.parse(startedAt),
        to: resolvedAt === null ? null : Date.parse(resolvedAt),
        title,
        incidentId: id,
      }),
    ),
    ...maintenances.map(
      ({ endsAt, startsAt, title }): Mark => ({
        id: `maintenance-${title}-${startsAt}`,
        kind: "maintenance",
        from: Date.parse(startsAt),
        to: endsAt === null ? null : Date.parse(endsAt),
        title,
        incidentId: null,
      }),
    ),
  ]
    .filter((mark) => isWithin(mark, stretch))
    .sort((a, b) => a.from - b.from)

/** An incident is marked where it began; all else wherever it lies. */
const isWithin = ({ from, kind, to }: Mark, stretch: Stretch): boolean =>
  from < stretch.to && (kind === "incident" ? from >= stretch.from : (to ?? Number.POSITIVE_INFINITY) > stretch.from)
