import type { Json } from "./Json.ts"
import { jsonCost, type Work } from "./Work.ts"

/**
 * A value as its JSON without blanks; null once the work is used up. How long it will be is not known before: one text at
 * most may take more than was left, of a document of at most 1 MiB.
 */
export const jsonText = (value: Json, work: Work): string | null => {
  if (!work.mayBegin()) return null
  const text = JSON.stringify(value)
  return work.spend(text.length * jsonCost) ? text : null
}
