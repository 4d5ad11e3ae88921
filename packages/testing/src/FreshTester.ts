import { effect, flakyTest, it, layer, live, prop, scoped, scopedLive } from "@effect/vitest"

/**
 * Gives `it` its own methods back before each file. `layer` of `@effect/vitest` puts those that run in its layer on the one
 * `it` there is, and the files of a process share it.
 */
Object.assign(it, { effect, flakyTest, layer, live, prop, scoped, scopedLive })
