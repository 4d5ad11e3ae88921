import { isObject, type Json } from "../Json.ts"
import { lookCost, memberCost, visitCost, type Work } from "../Work.ts"
import type { FilterQuery, JsonPath, Segment, Selector } from "./JsonPath.ts"
import { holdsForChild } from "./JsonPathFilter.ts"

/**
 * The values that a path leads to, in the order of RFC 9535, where an object's members have the order of the text. Each
 * value that is looked at is work; once that is used up, what was found until then is given, and `work` says so.
 *
 * @param start where the path begins
 * @param root what `$` stands for in filters
 */
export const select = (path: JsonPath, start: Json, root: Json, work: Work): ReadonlyArray<Json> => {
  let found: ReadonlyArray<Json> = [start]
  for (const segment of path.segments) {
    if (found.length === 0) break
    const next: Array<Json> = []
    for (const value of found) {
      if (work.isExhausted) return next
      applySegment(segment, value, root, work, next)
    }
    found = next
  }
  return found
}

const applySegment = (segment: Segment, value: Json, root: Json, work: Work, found: Array<Json>): void => {
  if (!segment.isDescendant) {
    for (const selector of segment.selectors) applySelector(selector, value, root, work, found)
    return
  }
  // Depth first, each value before what lies in it; what has no children selects nothing.
  const waiting: Array<Json> = [value]
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    const children = childrenOf(current, work)
    if (!work.spend(visitCost + children.length)) return
    for (const selector of segment.selectors) applySelector(selector, current, root, work, found)
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i]
      if (typeof child === "object" && child !== null) waiting.push(child)
    }
  }
}

const applySelector = (selector: Selector, value: Json, root: Json, work: Work, found: Array<Json>): void => {
  if (!work.spend(lookCost)) return
  switch (selector._tag) {
    case "Name":
      keep(memberOf(value, selector.name), work, found)
      break
    case "Index":
      keep(Array.isArray(value) ? value.at(selector.index) : undefined, work, found)
      break
    case "Wildcard":
      for (const child of childrenOf(value, work)) if (!keep(child, work, found)) break
      break
    case "Slice":
      if (Array.isArray(value)) slice(selector, value, work, found)
      break
    case "Filter":
      for (const child of childrenOf(value, work)) {
        if (!work.spend(visitCost)) break
        if (holdsForChild(selector.test, child, root, work, selectQuery)) found.push(child)
      }
  }
}

/** The members of an object or the elements of an array, in their order; none of anything else. */
const childrenOf = (value: Json, work: Work): ReadonlyArray<Json> => {
  if (Array.isArray(value)) return value
  if (!isObject(value) || work.isExhausted || !work.mayBegin()) return []
  const members = Object.values(value)
  return work.spend(members.length * memberCost) ? members : []
}

const memberOf = (value: Json, name: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

/** Keeps a value that is there; false once there is no work left. */
const keep = (value: Json | undefined, work: Work, found: Array<Json>): boolean => {
  if (value === undefined) return true
  if (!work.spend(visitCost)) return false
  found.push(value)
  return true
}

const selectQuery = ({ from, path }: FilterQuery, current: Json, root: Json, work: Work): ReadonlyArray<Json> =>
  select(path, from === "@" ? current : root, root, work)

/** RFC 9535, section 2.3.4.2. */
const slice = (
  { start, end, step }: Extract<Selector, { readonly _tag: "Slice" }>,
  elements: ReadonlyArray<Json>,
  work: Work,
  found: Array<Json>,
): void => {
  const by = step ?? 1
  if (by === 0) return
  const { length } = elements
  const fromEnd = (index: number) => (index < 0 ? length + index : index)
  const within = (index: number, least: number, most: number) => Math.min(Math.max(index, least), most)
  if (by > 0) {
    const upper = within(fromEnd(end ?? length), 0, length)
    for (let i = within(fromEnd(start ?? 0), 0, length); i < upper; i += by) {
      if (!keep(elements[i], work, found)) return
    }
    return
  }
  const lower = end === null ? -1 : within(fromEnd(end), -1, length - 1)
  for (let i = within(fromEnd(start ?? length - 1), -1, length - 1); i > lower; i += by) {
    if (!keep(elements[i], work, found)) return
  }
}
