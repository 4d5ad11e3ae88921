import { type Alert, type AlertMonitor, endOf, isOver, maxAlertMonitors } from "./Alert.ts"
import { oneLine, shortLine } from "./TextLimit.ts"

/** One line below a message's headline. Both parts are one line of plain text, as it is before any markup. */
export interface Fact {
  /** What it is about; null for text that stands for itself. */
  readonly label: string | null
  readonly value: string
}

/** The most UTF-16 code units of a name, of any other part of a line, and of a reason in a headline. */
const maxName = 100
const maxValue = 300
const maxReason = 150
const maxLocations = 10

const nameOf = (text: string): string => shortLine(text, maxName)
const shown = (text: string): string => shortLine(text, maxValue)

const units: ReadonlyArray<readonly [string, number]> = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
]

/**
 * A length of time by its two largest units, rounded down: `4 min 12 s`, `1 h`, `2 d 3 h`.
 *
 * @param ms milliseconds; less than a second, and less than nothing, is `0 s`
 */
export const durationInWords = (ms: number): string => {
  let seconds = Math.max(0, Math.floor(ms / 1000))
  const words: Array<string> = []
  for (const [name, size] of units) {
    const count = Math.floor(seconds / size)
    seconds -= count * size
    if (count > 0) words.push(`${count} ${name}`)
    // What follows the largest unit is its neighbour or nothing: `1 h 5 s` would be taken for minutes.
    if (words.length === 2 || (words.length === 1 && count === 0)) break
  }
  return words.length === 0 ? "0 s" : words.join(" ")
}

/**
 * An instant in UTC, to the second: `2026-03-01T12:00:00Z`.
 *
 * @param ms milliseconds since the epoch
 */
export const instantInUtc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** What a message speaks of, and whether that is one thing or several. */
const subjectOf = ({ monitorCount, monitors, title }: Alert): { readonly name: string; readonly isOne: boolean } =>
  monitorCount > 1
    ? { name: `${monitorCount} monitors`, isOne: false }
    : { name: nameOf(monitors[0]?.name ?? title), isOne: true }

/** How bad it is, as what follows `is`. */
const states = {
  Down: { bad: "down", well: "up again" },
  Degraded: { bad: "degraded", well: "as good as it should be again" },
  Partial: { bad: "down in some locations", well: "up everywhere again" },
  Info: { bad: "not known", well: "known again" },
} as const

/**
 * The one line that says it all, at most 300 UTF-16 code units of plain text: `api.example.com is down`, `3 monitors are
 * down`, `api.example.com is up again after 4 min 12 s`, `db: incident over after 4 min (router is down)`, `Reminder:
 * api.example.com has been down for 1 h`, `Update: api.example.com was down for 4 min 12 s`.
 */
export const headline = (alert: Alert): string => {
  const { isOne, name } = subjectOf(alert)
  const state = states[alert.change === "partial" ? "Partial" : alert.severity]
  const is = isOne ? "is" : "are"
  const has = isOne ? "has" : "have"
  const now = `${name} ${is} ${state.bad}`
  const lasting = `${name} ${has} been ${state.bad} for ${durationInWords(alert.at - alert.startedAt)}`
  switch (alert.change) {
    case "opened":
    case "partial":
      return now
    case "acknowledged":
      return alert.acknowledgedBy === null
        ? `Acknowledged: ${now}`
        : `Acknowledged by ${nameOf(alert.acknowledgedBy)}: ${now}`
    case "updated":
      return `Update: ${isOver(alert) ? `${name} ${isOne ? "was" : "were"} ${state.bad} for ${lasted(alert)}` : now}`
    case "flapping":
      return `${name} ${isOne ? "keeps" : "keep"} changing between up and down`
    case "settled":
      return `${name} ${has} settled and ${is} ${state.bad}`
    case "escalated":
      return `Escalated: ${lasting}`
    case "reminder":
      return `Reminder: ${lasting}`
    case "resolved":
      return overWords(alert, name, `${is} ${state.well}`)
    case "test":
      return `${isOver(alert) ? "End of the test" : "Test"}: ${nameOf(alert.title)}`
  }
}

const lasted = (alert: Alert): string => durationInWords(endOf(alert) - alert.startedAt)

/** That an incident is over: that all is well, or why it is over without that. */
const overWords = (alert: Alert, name: string, well: string): string => {
  const { ending } = alert
  if (ending === null) return `${name} ${well} after ${lasted(alert)}`
  if (ending.resolvedBy !== null) return `${name}: resolved by hand after ${lasted(alert)}`
  const reason = shortLine(ending.reason ?? "", maxReason)
  return `${name}: incident over after ${lasted(alert)}${reason === "" ? "" : ` (${reason})`}`
}

/**
 * The lines below the headline, the most important first: bounded, and each of them short but for those of the note, which are
 * whole. How much of them a message has room for is its channel's business.
 */
export const factsOf = (alert: Alert): ReadonlyArray<Fact> => {
  const title = shown(alert.title)
  // What an incident is called unless somebody named it is what its first headline said.
  const isNews = title !== "" && title !== headline({ ...alert, change: "opened" }) && alert.change !== "test"
  return [
    ...(isNews ? [{ label: "Incident", value: title }] : []),
    ...byHandFacts(alert.ending),
    ...noteLines(alert.note ?? noteOf(alert.ending)),
    timeOf(alert),
    ...monitorFacts(alert),
  ]
}

const byHandFacts = (ending: Alert["ending"]): ReadonlyArray<Fact> =>
  [{ label: "Resolved by", value: nameOf(ending?.resolvedBy ?? "") }].filter(({ value }) => value !== "")

/** What whoever resolved it wrote. */
const noteOf = (ending: Alert["ending"]): string | null =>
  ending === null || ending.resolvedBy === null ? null : ending.reason

const noteLines = (note: string | null): ReadonlyArray<Fact> =>
  (note ?? "")
    .split(/\r\n|[\n\r]/)
    .map(oneLine)
    .filter((line) => line !== "")
    .map((value) => ({ label: null, value }))

const timeOf = (alert: Alert): Fact => {
  const from = instantInUtc(alert.startedAt)
  return isOver(alert)
    ? { label: "Lasted", value: `${lasted(alert)} (${from} to ${instantInUtc(endOf(alert))})` }
    : { label: "Since", value: `${from} (${durationInWords(alert.at - alert.startedAt)})` }
}

const monitorFacts = (alert: Alert): ReadonlyArray<Fact> => {
  const monitors = alert.monitors.slice(0, maxAlertMonitors)
  const [only] = monitors
  if (only === undefined) return []
  if (alert.monitorCount <= 1) return factsOfOne(only)
  const left = alert.monitorCount - monitors.length
  return [
    ...monitors.map((monitor) => ({ label: nameOf(monitor.name), value: shown(monitor.reason ?? monitor.url) })),
    ...(left > 0 ? [{ label: null, value: `and ${left} more` }] : []),
  ]
}

const factsOfOne = ({ locations, reason, tags, url }: AlertMonitor): ReadonlyArray<Fact> => {
  const left = locations.length - maxLocations
  return [
    { label: "Target", value: shown(url) },
    ...(reason === null ? [] : [{ label: "Reason", value: shown(reason) }]),
    ...locations.slice(0, maxLocations).map(({ location, message, status }) => ({
      label: nameOf(location),
      value: shown(message === null ? status : `${status}: ${message}`),
    })),
    ...(left > 0 ? [{ label: null, value: `and ${left} more locations` }] : []),
    ...(tags.length === 0 ? [] : [{ label: "Tags", value: shown(tags.join(", ")) }]),
  ].filter(({ value }) => value !== "")
}
