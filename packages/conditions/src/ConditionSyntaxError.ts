import { Data } from "effect"

/**
 * Why a text is no condition, for the person who wrote it: `message` names the character, counted from 1, and what was
 * expected there; `position` is the same place as a UTF-16 offset, counted from 0.
 */
export class ConditionSyntaxError extends Data.TaggedError("ConditionSyntaxError")<{
  readonly message: string
  readonly position: number
}> {}
