import { Either } from "effect"
import { BoundedCache } from "./BoundedCache.ts"
import { parse } from "./ConditionParser.ts"
import type { ConditionSyntaxError } from "./ConditionSyntaxError.ts"
import type { ParsedCondition } from "./ParsedCondition.ts"

const parsed = new BoundedCache<ParsedCondition>(8_192)

/**
 * `parse`, once per text: what was read lately is remembered, so that a condition that travels as text with every job
 * costs a look-up. Texts that are no conditions are not remembered.
 */
export const parseOnce = (text: string): Either.Either<ParsedCondition, ConditionSyntaxError> => {
  const known = parsed.get(text)
  if (known !== undefined) return Either.right(known)
  const result = parse(text)
  if (Either.isRight(result)) parsed.set(text, result.right)
  return result
}
