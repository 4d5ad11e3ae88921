import { storableText } from "@uptime/domain/CheckError"
import type { Json } from "./Json.ts"
import { jsonText } from "./JsonText.ts"
import type { Source } from "./ParsedCondition.ts"
import { nameOf, type Placeholder, placeholders } from "./Placeholder.ts"
import type { Work } from "./Work.ts"

/** The longest text of what was seen, in UTF-16 code units. */
export const maxSeenLength = 200

/** A value that is not there, and why. */
export class Absent {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

/** Several values, each of which is compared. */
export class Several {
  readonly values: ReadonlyArray<Json>
  constructor(values: ReadonlyArray<Json>) {
    this.values = values
  }
}

/** What was found where a condition looked. */
export type Seen = Json | Several | Absent

export const nothing = new Absent("(none)")
export const notJson = new Absent("(not JSON)")
export const tooLong = new Absent("(JSON longer than 1 MiB)")
export const tooDeep = new Absent("(JSON nested too deep)")
export const tooMuch = new Absent("(too much to search)")

/**
 * What was seen, in one storable line for a person: times as durations, text as it is, arrays and objects as JSON, as long
 * as there is work left to write it.
 *
 * @param maxLength the most UTF-16 code units
 */
export const seenText = (source: Source, seen: Seen, work: Work, maxLength = maxSeenLength): string => {
  if (seen instanceof Absent) return seen.reason
  if (seen instanceof Several) return shortened(manyText(source, seen.values, work, maxLength), maxLength)
  return shortened(oneText(source, seen, work), maxLength)
}

const manyText = (source: Source, values: ReadonlyArray<Json>, work: Work, maxLength: number): string => {
  if (values.length === 0) return nothing.reason
  let text = ""
  for (const value of values.slice(0, maxLength)) {
    const one = oneText(source, value, work)
    text += text === "" ? one : `, ${one}`
    if (text.length > maxLength) break
  }
  return text
}

const oneText = (source: Source, value: Json, work: Work): string => {
  if (typeof value === "string") return value
  if (typeof value === "number" && isTime(source)) return durationText(value)
  return typeof value === "object" && value !== null ? (jsonText(value, work) ?? tooMuch.reason) : String(value)
}

const isTime = (source: Source): source is Placeholder =>
  source._tag !== "Length" && source._tag !== "Has" && placeholders[nameOf(source)] === "time"

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const

/** Milliseconds below a minute, and the two largest units above it: what a person compares. */
const durationText = (ms: number): string => {
  if (Math.abs(ms) < 60_000) return `${Math.round(ms * 1_000) / 1_000}ms`
  let rest = Math.abs(ms)
  const parts: Array<string> = []
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0 || parts.length > 0) parts.push(count > 0 ? `${count}${unit}` : "")
    if (parts.length === 2) break
  }
  return `${ms < 0 ? "-" : ""}${parts.join("")}`
}

/** The most of a text that is looked at for what can be shown of it, in UTF-16 code units. */
const maxLookedAt = 4_096

/** One line without control characters that ends in `…` where something was cut. */
const shortened = (text: string, maxLength: number): string => {
  const line = storableText(text.slice(0, maxLookedAt), maxLength + 1).replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
  if (line === "") return "(empty)"
  return line.length <= maxLength ? line : `${storableText(line, maxLength - 1)}…`
}
