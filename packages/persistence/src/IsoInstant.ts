/** SQL for an instant as its schema writes it, in ISO 8601 with milliseconds and `Z`; null for one that is none. */
export const isoInstant = (column: string): string =>
  `to_char(nullif(${column}, '-infinity') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
