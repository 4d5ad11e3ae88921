import { type Breach, breach } from "./Breach.ts"

/** A time in which a monitor's target was really down, in milliseconds since the epoch. */
export interface Downtime {
  readonly monitorId: string
  readonly from: number
  /** Infinity while it lasts. */
  readonly to: number
}

/** An incident that was opened of a monitor. */
export interface OpenedIncident {
  readonly monitorId: string
  /** When the trouble began, by the incident, in milliseconds since the epoch. */
  readonly startedAt: number
  /** When it was opened. */
  readonly openedAt: number
}

/** Incidents of monitors whose target was not down when the trouble is said to have begun. */
export const falseIncidents = (
  downtimes: ReadonlyArray<Downtime>,
  incidents: ReadonlyArray<OpenedIncident>,
): ReadonlyArray<OpenedIncident> =>
  incidents.filter(
    ({ monitorId, startedAt }) =>
      !downtimes.some((down) => down.monitorId === monitorId && down.from <= startedAt && startedAt <= down.to),
  )

/**
 * Downtimes that nobody opened an incident of.
 *
 * @param confirmMs how long a target must have been down to be noticed for sure
 */
export const missedDowntimes = (
  downtimes: ReadonlyArray<Downtime>,
  incidents: ReadonlyArray<OpenedIncident>,
  confirmMs: number,
): ReadonlyArray<Downtime> =>
  downtimes.filter(
    ({ from, monitorId, to }) =>
      to - from > confirmMs &&
      !incidents.some(
        (incident) => incident.monitorId === monitorId && from <= incident.startedAt && incident.startedAt <= to,
      ),
  )

/** I10: no false alarm. */
export const noFalseAlarm = (incidents: ReadonlyArray<OpenedIncident>): ReadonlyArray<Breach> =>
  breach(
    "I10 no false alarm",
    "incidents of what was up",
    incidents.map(({ monitorId, startedAt }) => `${monitorId} at ${new Date(startedAt).toISOString()}`),
  )

/** I11: no missed alarm. */
export const noMissedAlarm = (downtimes: ReadonlyArray<Downtime>): ReadonlyArray<Breach> =>
  breach(
    "I11 no missed alarm",
    "targets that were down and no incident",
    downtimes.map(({ from, monitorId }) => `${monitorId} at ${new Date(from).toISOString()}`),
  )
