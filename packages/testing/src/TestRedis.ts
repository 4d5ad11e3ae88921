import { Effect } from "effect"
import { inject } from "vitest"
import type {} from "./GlobalSetup.ts"

/** The Redis of the run. Every test takes a key or prefix of its own, and none empties it. */
export const redisUrl: Effect.Effect<string> = Effect.sync(() => inject("redisUrl"))
