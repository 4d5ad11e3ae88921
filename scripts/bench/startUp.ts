import { Clock, Effect } from "effect"
import { type AppProcess, bundled, startApp } from "../../packages/testing/src/AppProcess.ts"
import { eventually } from "../../packages/testing/src/Eventually.ts"
import { freePort } from "../../packages/testing/src/FreePort.ts"
import { startRedis } from "../../packages/testing/src/Servers.ts"
import { bundleOf, ensureBuilt } from "../build.mjs"
import { flagsOf } from "../flags.mjs"
import { startDatabase } from "./database.ts"
import { figure, median } from "./figure.ts"
import type { Section, SectionOptions } from "./section.ts"

const names = ["api", "producer", "worker"] as const

/** Nothing but a server that answers: what Node itself takes to start. */
const floorSource = new URL("./bareHandler.ts", import.meta.url)

const isReady = (port: number): Effect.Effect<boolean> =>
  Effect.promise(() =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )

/** From the start of a process until `ready`, in milliseconds; it is stopped again. */
const timeUntil = <E>(
  bundle: string,
  environment: Readonly<Record<string, string>>,
  ready: (app: AppProcess) => Effect.Effect<unknown, E>,
  flags: ReadonlyArray<string> = [],
) =>
  Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis
    const app = yield* startApp(bundle, environment, { flags })
    yield* ready(app)
    return (yield* Clock.currentTimeMillis) - began
  }).pipe(Effect.scoped)

const measure = Effect.fnUntraced(function* ({ rounds }: SectionOptions) {
  for (const name of names) yield* Effect.promise(() => ensureBuilt(name))
  const [database, redis, bare] = yield* Effect.all([startDatabase, startRedis(), bundled(floorSource)], {
    concurrency: "unbounded",
  })
  const environment = {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    JWT_SECRET: "a secret of the benchmark's own, of no use elsewhere",
    REGION: "USA",
    NODE_ENV: "production",
  }
  const several = <A, E, R>(one: Effect.Effect<A, E, R>) => Effect.all(Array.from({ length: rounds }, () => one))
  const floor = median(
    yield* several(timeUntil(bare, { FILE: "/dev/null", STATUS: "200" }, (app) => app.awaitOutput("port "))),
  )
  return yield* Effect.forEach(
    names,
    Effect.fnUntraced(function* (name) {
      const port = yield* freePort
      const times = yield* several(
        timeUntil(
          bundleOf(name),
          { ...environment, PORT: String(port) },
          () => eventually(isReady(port), (ready) => ready, "30 seconds"),
          flagsOf(name),
        ),
      )
      return figure(`${name}: until it is ready`, median(times), "ms", { floor })
    }),
  )
}, Effect.scoped)

/** How long each process takes from its start until it says that it is ready, with its database and its Redis there. */
export const startUp: Section = { name: "start", run: measure }
