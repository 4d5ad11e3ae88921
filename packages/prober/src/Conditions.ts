import type { CheckSpec } from "@uptime/domain/CheckSpec"

/**
 * Whether any condition of a check speaks of a placeholder, such as `[STATUS]`: then a rule of the kind's own on the same
 * thing does not apply, because the condition replaces it.
 */
export const speaksOf = ({ conditions }: CheckSpec, placeholder: `[${string}]`): boolean =>
  conditions?.some(({ condition }) => condition.includes(placeholder)) === true

/** Whether conditions of a check look at the body, so that it must be read as a whole. */
export const needsBody = (spec: CheckSpec): boolean => speaksOf(spec, "[BODY]")
