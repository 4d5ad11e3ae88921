/** The zone that the viewer's clock has. */
export const ownTimeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone

/** Every zone that the browser knows, `UTC` first, with those of `also` that it does not name. */
export const timeZones = (...also: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(["UTC", ...also, ...Intl.supportedValuesOf("timeZone")]),
]
