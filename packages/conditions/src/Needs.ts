import type { ReadCondition } from "./Judge.ts"
import { asksFor } from "./ParsedCondition.ts"
import type { PlaceholderName } from "./Placeholder.ts"

/**
 * Whether any condition of a check asks for a placeholder, on either side: what a kind of check need not find out where
 * nobody asks, and which of its own rules a condition replaces.
 */
export const needs = (conditions: ReadonlyArray<ReadCondition>, name: PlaceholderName): boolean =>
  conditions.some(({ condition }) => asksFor(condition, name))
