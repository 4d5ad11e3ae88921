/** A job, as the harness writes it down: `monitor@slot`, the slot in milliseconds since the epoch. */
export const jobKey = (monitorId: string, slot: number): string => `${monitorId}@${slot}`

/** What a job comes to in a region, one row: `monitor@slot#region`. */
export const rowKey = (job: string, region: string): string => `${job}#${region}`

/** The job of a row. */
export const jobOfRow = (row: string): string => row.slice(0, row.lastIndexOf("#"))
