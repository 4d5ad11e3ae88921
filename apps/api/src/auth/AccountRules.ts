import type { RateRule } from "./RateLimits.ts"

const minute = 60_000

/**
 * How often is tried to get in. An account has two rules: a tight one for each place that tries, and a wide one for all of
 * them together, so that a stranger who keeps failing shuts out himself and not the account's owner.
 */
export const loginRules = {
  address: { name: "login-address", limit: 100, windowMs: 15 * minute },
  accountAtAddress: { name: "login-account-address", limit: 10, windowMs: 15 * minute },
  account: { name: "login-account", limit: 100, windowMs: 15 * minute },
} as const satisfies Record<string, RateRule>

/** How often accounts are made from one place, and how often one address is tried. */
export const signupRules = {
  address: { name: "signup-address", limit: 60, windowMs: 60 * minute },
  account: { name: "signup-account", limit: 10, windowMs: 60 * minute },
} as const satisfies Record<string, RateRule>
