import type { ChannelConfig, ChannelField, ChannelKind } from "./fields.ts"
import { kindOf } from "./kinds.ts"
import { isRecord, settingAt } from "./settingAt.ts"

/** A name and a value. */
export interface Pair {
  readonly name: string
  readonly value: string
}

/** What a form holds for a field: text, on or off, or pairs. */
export type Value = string | boolean | ReadonlyArray<Pair>

/** What a form holds, by the paths of its fields. */
export type Values = Readonly<Record<string, Value>>

/** The text that a field holds; empty where it holds none. */
export const textAt = (values: Values, path: string): string => {
  const value = values[path]
  return typeof value === "string" ? value : ""
}

/** The pairs that a field holds. */
export const pairsAt = (values: Values, path: string): ReadonlyArray<Pair> => {
  const value = values[path]
  return Array.isArray(value) ? value : []
}

/** Several texts as they are typed: with line breaks, blanks, commas or semicolons between. */
export const linesOf = (text: string): ReadonlyArray<string> => text.split(/[\s,;]+/).filter((each) => each !== "")

/** The fields that are asked for, given what the form holds. */
export const shownFields = (kind: ChannelKind, values: Values): ReadonlyArray<ChannelField> => {
  const { fields } = kindOf(kind)
  const isShown = ({ when }: ChannelField): boolean => {
    if (when === undefined) return true
    const [path, value] = when
    const decides = fields.find((field) => field.path === path)
    return values[path] === value && (decides === undefined || isShown(decides))
  }
  return fields.filter(isShown)
}

/** What a form holds of a channel's settings; of nothing, where they are new. */
export const valuesOf = (kind: ChannelKind, config?: ChannelConfig): Values =>
  Object.fromEntries(kindOf(kind).fields.map((field) => [field.path, fieldValue(field, config)]))

const fieldValue = (field: ChannelField, config: ChannelConfig | undefined): Value => {
  const value = settingAt(config, field.path)
  switch (field.type) {
    case "switch":
      return value === true
    case "lines":
      return Array.isArray(value) ? value.join("\n") : ""
    case "pairs":
      return Array.isArray(value) ? value.flatMap(pairOf) : []
    case "choice":
      return value === undefined ? field.start : String(value)
    case "branch": {
      const has = field.options.find((option) => option.has !== null && settingAt(config, option.has) !== undefined)
      return (has ?? field.options.find((option) => option.has === null) ?? field.options[0])?.value ?? ""
    }
    default:
      return value === undefined ? "" : String(value)
  }
}

/** The settings that a form means. They are what the api takes where `problemsOf` finds nothing. */
export const configOf = (kind: ChannelKind, values: Values): ChannelConfig => {
  const config: Record<string, unknown> = { kind }
  for (const field of shownFields(kind, values)) {
    const value = settingOf(field, values)
    if (value !== undefined) put(config, field.path.split("."), value)
  }
  if (!isConfig(config)) throw new Error(`a form of the kind ${kind} makes settings of no kind`)
  return config
}

const settingOf = (field: ChannelField, values: Values): unknown => {
  const text = textAt(values, field.path)
  switch (field.type) {
    case "branch":
      return undefined
    case "switch":
      return values[field.path] === true ? true : undefined
    case "lines":
      return linesOf(text)
    case "pairs": {
      const pairs = givenPairs(values, field.path)
      return pairs.length === 0 ? undefined : pairs
    }
    case "choice":
      if (text === field.start) return undefined
      return field.numeric === true ? Number(text) : text
    case "whole":
      return text === "" ? undefined : Number(text)
    default:
      return text === "" ? undefined : text
  }
}

const put = (into: Record<string, unknown>, [name = "", ...rest]: ReadonlyArray<string>, value: unknown): void => {
  if (rest.length === 0) {
    into[name] = value
    return
  }
  const inner = into[name]
  const next = isRecord(inner) ? inner : {}
  into[name] = next
  put(next, rest, value)
}

/** The pairs of a field of which anything was typed. */
export const givenPairs = (values: Values, path: string): ReadonlyArray<Pair> => pairsAt(values, path).filter(isGiven)

const isGiven = ({ name, value }: Pair): boolean => name !== "" || value !== ""

const pairOf = (item: unknown): ReadonlyArray<Pair> =>
  isRecord(item) && typeof item["name"] === "string" && typeof item["value"] === "string"
    ? [{ name: item["name"], value: item["value"] }]
    : []

/** The kind tells what else there is: the fields of the kinds are held to the contract by properties. */
const isConfig = (config: Readonly<Record<string, unknown>>): config is ChannelConfig & Record<string, unknown> =>
  typeof config["kind"] === "string"

/** What was typed without the blanks around it, and without pairs of which nothing was. */
export const trimmed = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([path, value]) => {
      if (typeof value === "string") return [path, value.trim()]
      if (typeof value === "boolean") return [path, value]
      const pairs = value.map((pair) => ({ name: pair.name.trim(), value: pair.value.trim() }))
      return [path, pairs.filter(isGiven)]
    }),
  )
