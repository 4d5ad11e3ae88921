/** SQL for a number as JSON. */
export const numberJson = (number: string): string => `coalesce(${number}::text, 'null')`

/** SQL for an instant as JSON, as its schema writes it: in ISO 8601 with milliseconds and `Z`; null for one that is none. */
export const instantJson = (instant: string): string =>
  `coalesce(to_char(nullif(${instant}, '-infinity') AT TIME ZONE 'UTC', '\\"YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\\"'), 'null')`
