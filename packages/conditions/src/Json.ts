/** A JSON value as `JSON.parse` gives it. */
export type Json = string | number | boolean | null | Array<Json> | JsonObject

/** A JSON object: its members are its own properties, whatever their names. */
export interface JsonObject {
  [name: string]: Json
}

/** How deep arrays and objects may lie in each other. */
export const maxDepth = 256

/** Why a text has no value: it is no JSON, or arrays and objects lie more than `maxDepth` deep in each other. */
export type JsonProblem = "malformed" | "deep"

/** Reads JSON. The depth is looked at first, because what works on the value later works recursively. */
export const readJson = (text: string): { readonly value: Json } | JsonProblem => {
  if (depthOf(text) > maxDepth) return "deep"
  try {
    return { value: JSON.parse(text) }
  } catch {
    return "malformed"
  }
}

/** How deep brackets lie in each other, outside of strings; no further than `maxDepth` and one. */
const depthOf = (text: string): number => {
  let depth = 0
  let deepest = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0x22) i = endOfString(text, i)
    else if (unit === 0x5b || unit === 0x7b) {
      deepest = Math.max(deepest, ++depth)
      if (depth > maxDepth) break
    } else if (unit === 0x5d || unit === 0x7d) depth--
  }
  return deepest
}

/** Where the string that begins at `start` ends. */
const endOfString = (text: string, start: number): number => {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

/** Whether an odd number of backslashes stands before a place. */
const isEscaped = (text: string, position: number): boolean => {
  let start = position
  while (text.charCodeAt(start - 1) === 0x5c) start--
  return (position - start) % 2 === 1
}

export const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** How many characters (Unicode code points) a text has. */
export const countCharacters = (text: string): number => {
  let count = text.length
  for (let i = 0; i < text.length - 1; i++) {
    const isPair = (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00
    if (isPair) count--
  }
  return count
}
