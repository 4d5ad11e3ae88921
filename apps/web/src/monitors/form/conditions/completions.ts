import { kindsWith } from "@uptime/conditions/KindPlaceholders"
import type { CheckKind } from "@uptime/domain/CheckKind"
import { phaseNames } from "../../phases.ts"
import { type PlaceholderHelp, placeholderHelp, usualHeaders } from "./placeholderHelp.ts"

/** What may stand at a place of a condition: `insert` takes the place of the text from `from` to the caret. */
export interface Completion {
  readonly from: number
  readonly insert: string
  readonly label: string
  readonly about: string
  /** Whether it is most likely meant, so that Enter takes the first one; a value may as well be typed to its end. */
  readonly likely: boolean
}

const operators: ReadonlyArray<readonly [operator: string, about: string]> = [
  ["==", "is equal"],
  ["!=", "is not equal"],
  ["<", "is less"],
  ["<=", "is at most"],
  [">", "is more"],
  [">=", "is at least"],
  ["contains", "has this piece, or this element"],
  ["not contains", "has no such piece"],
  ["matches", "a regular expression is found"],
  ["not matches", "no regular expression is found"],
]

const functions: ReadonlyArray<readonly [call: string, about: string]> = [
  ["len(", "how many elements or characters"],
  ["has(", "whether there is such a value"],
]

const patterns: ReadonlyArray<readonly [call: string, about: string]> = [
  ["any(", "one of several: any(a, b)"],
  ["pat(", "text of a form: pat(10.*)"],
]

const all: ReadonlyArray<PlaceholderHelp> = Object.values(placeholderHelp)

/** A condition as far as its operator, and what follows it. */
const withOperator = /^(.*?\s)(==|!=|<=|>=|<|>|not\s+contains|not\s+matches|contains|matches)\s+(.*)$/s

/** A left side that is whole, and the operator that begins behind it. */
const beforeOperator = /^\s*(?:(?:len|has)\(.*\)|\[\w+\]\S*)\s+([^\s\]]*(?:\s\w*)?)$/s

/**
 * What may stand where the caret is: placeholders of the kind of check (others once a letter of theirs is typed), functions,
 * then operators, then what the placeholder is often held against. Most likely first; nothing where anything may stand.
 */
export const completionsAt = (text: string, caret: number, kind: CheckKind): ReadonlyArray<Completion> => {
  const before = text.slice(0, caret)
  const [, left, operator, right] = withOperator.exec(before) ?? []
  if (left !== undefined && operator !== undefined && right !== undefined) {
    return matching(right, caret, valuesFor(left, operator)).map((value) => ({ ...value, likely: false }))
  }
  const [, typed] = beforeOperator.exec(before) ?? []
  if (typed !== undefined) {
    return matching(
      typed,
      caret,
      operators.map(([each, about]) => ({ insert: `${each} `, label: each, about })),
    )
  }
  return sourcesAt(before, caret, kind)
}

type Offer = Omit<Completion, "from" | "likely">

/** Those that begin with what is typed, but for what is typed whole. */
const matching = (typed: string, caret: number, offers: ReadonlyArray<Offer>): ReadonlyArray<Completion> => {
  const needle = typed.toLowerCase()
  return offers
    .filter(({ insert }) => insert.toLowerCase().startsWith(needle) && insert.trimEnd() !== typed)
    .map((offer) => ({ ...offer, from: caret - typed.length, likely: true }))
}

/** What the left side may look at. */
const sourcesAt = (before: string, caret: number, kind: CheckKind): ReadonlyArray<Completion> => {
  const [, name, member] = /\[(PHASES|HEADERS)\]\.([\w-]*)$/i.exec(before) ?? []
  if (name !== undefined && member !== undefined) {
    const isPhase = name.toUpperCase() === "PHASES"
    const members = isPhase ? phaseNames : usualHeaders
    return matching(
      member,
      caret,
      members.map((each) => ({ insert: `${each} `, label: each, about: isPhase ? "a phase" : "a header" })),
    )
  }
  const typed = /^(?:\s*(?:len|has)\()?\s*(\S*)$/i.exec(before)?.[1]
  if (typed === undefined || typed.includes("]")) return []
  const isInside = /^\s*(?:len|has)\(/i.test(before)
  const letters = typed.replace(/^\[/, "").toLowerCase()
  const placeholders = all
    .filter(({ name, text }) =>
      letters === "" ? kindsWith[name].includes(kind) : text.slice(1).toLowerCase().startsWith(letters),
    )
    .map(({ about, text }) => ({
      from: caret - typed.length,
      insert: isInside || text.endsWith(".") ? text : `${text} `,
      label: text,
      about,
      likely: true,
    }))
  return isInside
    ? placeholders
    : [
        ...placeholders,
        ...matching(
          typed,
          caret,
          functions.map(([insert, about]) => ({ insert, label: `${insert}…)`, about })),
        ),
      ]
}

/** What a left side is often held against. */
const valuesFor = (left: string, operator: string): ReadonlyArray<Offer> => {
  if (/matches$/.test(operator)) return []
  const help = all.find(({ text }) => left.toUpperCase().includes(text.replace(/\.$/, "")))
  const isAsked = /^\s*has\(/i.test(left)
  const values = isAsked ? ["true", "false"] : /^\s*len\(/i.test(left) ? ["0"] : (help?.values ?? [])
  return [
    ...values.map((value) => ({ insert: value, label: value, about: "" })),
    ...(isAsked || /^[<>]/.test(operator)
      ? []
      : patterns.map(([insert, about]) => ({ insert, label: `${insert}…)`, about }))),
  ].filter(({ insert }) => !/^[<>]/.test(operator) || !insert.includes("("))
}
