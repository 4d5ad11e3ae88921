const day = 86_400_000

const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en", options)

const clock = format({ hour: "numeric", minute: "2-digit" })
const date = format({ month: "short", day: "numeric" })
const month = format({ month: "short", year: "numeric" })

/**
 * The words below an axis of time, in the viewer's zone: times of the day, with the date where another day begins; dates; or
 * months, by how far apart they are.
 *
 * @param ticks milliseconds since the epoch, in their order
 * @param apart how far apart they are, in milliseconds
 */
export const timeTexts = (ticks: ReadonlyArray<number>, apart: number): ReadonlyArray<string> => {
  if (apart >= 28 * day) return ticks.map((tick) => month.format(tick))
  if (apart >= day) return ticks.map((tick) => date.format(tick))
  let shown = ""
  return ticks.map((tick) => {
    const today = date.format(tick)
    const time = clock.format(tick)
    if (today === shown) return time
    shown = today
    return `${time}\n${today}`
  })
}

/** The words beside an axis of response times, of ticks in milliseconds: all in milliseconds, or all in seconds. */
export const durationTexts = (ticks: ReadonlyArray<number>): ReadonlyArray<string> => {
  const most = Math.max(0, ...ticks)
  const step = Math.min(...ticks.slice(1).map((tick, index) => tick - (ticks[index] ?? 0)))
  const digits = (unit: number) => Math.max(0, Math.min(3, -Math.floor(Math.log10(step / unit) + 1e-9)))
  return most >= 1_000
    ? ticks.map((tick) => (tick === 0 ? "0" : `${(tick / 1_000).toFixed(digits(1_000))} s`))
    : ticks.map((tick) => (tick === 0 ? "0" : `${tick.toFixed(digits(1))} ms`))
}
