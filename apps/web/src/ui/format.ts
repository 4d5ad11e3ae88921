/** How numbers and times are written. Times are ISO 8601 text or milliseconds since the epoch. */

/** A response time: `84 ms`, `1.24 s`, `14.1 min`; an en dash when there is none. */
export const duration = (ms: number | null): string => {
  if (ms === null) return "–"
  if (ms < 10) return `${(Math.floor(ms * 10) / 10).toFixed(1)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_995) return `${(ms / 1_000).toFixed(2)} s`
  return ms < 3_597_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 3_600_000).toFixed(1)} h`
}

/** An uptime in percent, never rounded up: `100 %` is only what had no failure. An en dash when nothing is known. */
export const uptime = (percent: number | null): string => {
  if (percent === null) return "–"
  if (percent >= 100) return "100 %"
  const digits = percent >= 99 ? 2 : 1
  const factor = 10 ** digits
  return `${(Math.floor(percent * factor + 1e-6) / factor).toFixed(digits)} %`
}

const units: ReadonlyArray<readonly [one: string, many: string, seconds: number]> = [
  ["year", "years", 31_557_600],
  ["month", "months", 2_629_800],
  ["day", "days", 86_400],
  ["h", "h", 3_600],
  ["min", "min", 60],
]

/** How long ago something was, or how soon it will be: `just now`, `5 min ago`, `in 2 days`. */
export const relativeTime = (at: number, now: number): string => {
  const seconds = Math.abs(at - now) / 1_000
  if (seconds < 10) return "just now"
  const [one, many, size] = units.find(([, , each]) => seconds >= each) ?? ["s", "s", 1]
  const count = Math.trunc(seconds / size)
  const length = `${count} ${count === 1 ? one : many}`
  return at < now ? `${length} ago` : `in ${length}`
}

/** How long something took or takes: `42 s`, `5 min`, `3 h 20 min`, `12 days`. */
export const span = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} days`
}

const absolute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" })

/** A time in the viewer's zone: `Nov 25, 2026, 1:05:30 PM`. */
export const absoluteTime = (at: number): string => absolute.format(at)

/** A count with its noun: `1 monitor`, `2,000 monitors`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`

/** The part of a monitor's URL that tells it from others: no `https://`, no lone slash at the end. */
export const shortUrl = (url: string): string => url.replace(/^https?:\/\//, "").replace(/^([^/?#]+)\/$/, "$1")
