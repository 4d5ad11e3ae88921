/** How long after a first try that did not reach its target the second one starts, in milliseconds. */
export const secondTryAfterMs = 1_000

/** The longest that a check of this deadline takes, both tries included, in milliseconds. */
export const longestCheckMs = (timeoutMs: number): number => 2 * timeoutMs + secondTryAfterMs
