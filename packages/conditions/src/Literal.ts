import type { Literal } from "./ParsedCondition.ts"

/** The longest text that is looked at for a number, in UTF-16 code units. */
const maxNumberLength = 64

const decimal = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$/
const prefixed = /^([+-]?)(0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)$/
const duration = /^[+-]?(?:(?:\d+(?:\.\d+)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d))+$/
const durationParts = /([\d.]+)([a-zµμ]+)/g

/** What a unit of time is in milliseconds: those of Go's `time.ParseDuration`, and days of 24 hours. */
const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** The number that a text says: decimal, with a fraction and an exponent or without, or an integer as `0x`, `0o` or `0b`. */
export const numberIn = (text: string): number | null => {
  if (text.length > maxNumberLength) return null
  if (decimal.test(text)) return finite(Number(text))
  const match = prefixed.exec(text)
  if (match === null) return null
  const value = Number(match[2])
  return finite(match[1] === "-" ? -value : value)
}

/** The milliseconds of the duration that a text says, such as `300ms`, `2d`, `1h30m` or `-1.5h`. */
export const durationIn = (text: string): number | null => {
  if (text.length > maxNumberLength || !duration.test(text)) return null
  let ms = 0
  for (const [, amount, unit = ""] of text.matchAll(durationParts)) ms += Number(amount) * (unitMs[unit] ?? Number.NaN)
  return finite(text.startsWith("-") ? -ms : ms)
}

/** What bare words are: a number, a duration, or just text. */
export const literalOf = (text: string): Literal => {
  const number = numberIn(text)
  if (number !== null) return { _tag: "Number", text, value: number }
  const ms = durationIn(text)
  return ms === null ? { _tag: "Text", text } : { _tag: "Duration", text, value: ms }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
