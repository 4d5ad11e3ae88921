import { parse } from "@uptime/conditions/ConditionParser"
import { Either } from "effect"

/** Why a text is no condition: a sentence that names the character, and the same place as an offset from 0. */
export interface ConditionProblem {
  readonly message: string
  readonly position: number
}

/** What is wrong with the text of a condition; null when nothing is, and for none. */
export const conditionProblem = (text: string): ConditionProblem | null =>
  text.trim() === ""
    ? null
    : Either.match(parse(text), { onLeft: ({ message, position }) => ({ message, position }), onRight: () => null })
