import { Effect, type Scope } from "effect"
import { bundled } from "../../packages/testing/src/AppProcess.ts"
import { build, bundleOf, isStale } from "../build.mjs"

/** What is run, as files. */
export interface Bundles {
  /** The apps as they are shipped. */
  readonly api: string
  readonly producer: string
  readonly worker: string
  readonly migrate: string
  /** The same producer and worker, with what is in `apps/` in place of the modules of those names. */
  readonly observedProducer: string
  readonly observedWorker: string
}

const own = (name: string) => new URL(`./apps/${name}.ts`, import.meta.url)

const observed = (app: string, exchanges: Readonly<Record<string, URL>>) =>
  bundled(new URL(`../../apps/${app}/src/main.ts`, import.meta.url), exchanges)

const shipped = (name: string) =>
  Effect.promise(() => (isStale(name) ? build([name]) : Promise.resolve())).pipe(Effect.as(bundleOf(name)))

/**
 * Builds everything once.
 *
 * @param withApi whether any fault starts an api, whose dashboard takes long to build
 */
export const makeBundles = Effect.fnUntraced(function* (
  withApi: boolean,
): Effect.fn.Return<Bundles, never, Scope.Scope> {
  const stream = { "@uptime/stream/RedisStream": own("RedisStream") }
  const observedProducer = yield* observed("producer", stream)
  const observedWorker = yield* observed("worker", {
    ...stream,
    "@uptime/persistence/ResultStore": own("ResultStore"),
    "@uptime/prober/NodeProber": own("NodeProber"),
  })
  return {
    api: withApi ? yield* shipped("api") : bundleOf("api"),
    producer: yield* shipped("producer"),
    worker: yield* shipped("worker"),
    migrate: yield* shipped("migrate"),
    observedProducer,
    observedWorker,
  }
})
