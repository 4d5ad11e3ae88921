import { Effect, type Scope } from "effect"
import { bundled } from "../../packages/testing/src/AppProcess.ts"
import { build, bundleOf, isStale } from "../build.mjs"

/** What is run, as files. */
export interface Bundles {
  /** The apps as they are shipped; the api, whose dashboard takes long, is built when it is first asked for. */
  readonly api: Effect.Effect<string>
  readonly producer: string
  readonly worker: string
  readonly migrate: string
  /** The same producer and worker between layers of the harness (`apps/`). */
  readonly observedProducer: string
  readonly observedWorker: string
}

const entry = (file: string) => bundled(new URL(`./apps/${file}.ts`, import.meta.url))

const shipped = (name: string) =>
  Effect.promise(() => (isStale(name) ? build([name]) : Promise.resolve())).pipe(Effect.as(bundleOf(name)))

/** Builds everything once. */
export const makeBundles: Effect.Effect<Bundles, never, Scope.Scope> = Effect.gen(function* () {
  const [observedProducer, observedWorker] = yield* Effect.all([entry("producer"), entry("worker")])
  return {
    api: yield* Effect.cached(shipped("api")),
    producer: yield* shipped("producer"),
    worker: yield* shipped("worker"),
    migrate: yield* shipped("migrate"),
    observedProducer,
    observedWorker,
  }
})
