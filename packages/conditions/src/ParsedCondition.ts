import { givesSeveral, nameOf, type Placeholder, type PlaceholderName } from "./Placeholder.ts"

/** Every operator, longer ones before those they begin with. */
export const operators = [
  "==",
  "!=",
  "<=",
  ">=",
  "<",
  ">",
  "contains",
  "not contains",
  "matches",
  "not matches",
] as const
export type Operator = (typeof operators)[number]

/** A number as it was written; compared by `value`, as text by `text`. */
export interface NumberLiteral {
  readonly _tag: "Number"
  readonly text: string
  readonly value: number
}

/** A duration as it was written, such as `1h30m`; `value` is milliseconds. */
export interface DurationLiteral {
  readonly _tag: "Duration"
  readonly text: string
  readonly value: number
}

/** Bare words that are no number, or quoted text whatever it says: compared as text. */
export interface TextLiteral {
  readonly _tag: "Text"
  readonly text: string
}

export type Literal = NumberLiteral | DurationLiteral | TextLiteral

/** What a condition looks at: a placeholder, its length, or whether it is there. */
export type Source =
  | Placeholder
  | { readonly _tag: "Length"; readonly of: Placeholder }
  | { readonly _tag: "Has"; readonly of: Placeholder }

/** What a source is held against. */
export type Target =
  | Source
  | Literal
  /** `any(a, b)`: one of them. */
  | { readonly _tag: "Any"; readonly options: ReadonlyArray<Literal> }
  /** `pat(a*)`: the whole text, where `*` stands for any text. */
  | { readonly _tag: "Glob"; readonly pattern: string }
  /** A regular expression that is found somewhere in the text; `size` is the number of instructions it compiles to. */
  | { readonly _tag: "Regex"; readonly pattern: string; readonly size: number }

/**
 * A condition that was understood. The side that looks at the observation stands on the left, whichever side it was
 * written on; at most the left side gives several values.
 */
export interface ParsedCondition {
  readonly left: Source
  readonly operator: Operator
  readonly right: Target
}

/** The placeholder that a side asks for; null for one that asks for none. */
export const placeholderIn = (side: Target): Placeholder | null => {
  switch (side._tag) {
    case "Plain":
    case "Body":
    case "Header":
    case "Phase":
      return side
    case "Length":
    case "Has":
      return side.of
    default:
      return null
  }
}

/** Whether a side of a condition looks at the observation. */
export const isSource = (side: Target): side is Source => placeholderIn(side) !== null

/** Whether a side stands for several values, each of which is compared. */
export const isSeveral = (side: Target): boolean => {
  const placeholder = placeholderIn(side)
  return placeholder === side && givesSeveral(placeholder)
}

/** Whether a condition asks for a placeholder, on either side. */
export const asksFor = (condition: ParsedCondition, name: PlaceholderName): boolean => {
  const left = placeholderIn(condition.left)
  const right = placeholderIn(condition.right)
  return (left !== null && nameOf(left) === name) || (right !== null && nameOf(right) === name)
}
