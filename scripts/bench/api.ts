import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Console, Effect } from "effect"
import { bundled, startApp } from "../../packages/testing/src/AppProcess.ts"
import { runToEnd, serverFolder } from "../../packages/testing/src/ServerProcess.ts"
import { flagsOf } from "../flags.mjs"
import { password, startApiWorld } from "./apiWorld.ts"
import { type Figure, figure, median, quantile } from "./figure.ts"
import { type Load, makeLoads } from "./load.ts"
import { cpuOf } from "./processUse.ts"
import type { Section, SectionOptions } from "./section.ts"

const sizesOf = (quick: boolean) =>
  quick
    ? { histories: [50_000], seconds: 0.7, warmUpSeconds: 0.3, statsCalls: 50, statsWarmUp: 0, firstSeconds: 0 }
    : {
        histories: [0, 1_000_000, 10_000_000],
        seconds: 5,
        warmUpSeconds: 2,
        statsCalls: 500,
        statsWarmUp: 300,
        firstSeconds: 12,
      }

/** A call of the API, and how it is asked. */
interface Route extends Pick<Load, "body" | "headers" | "method" | "paths"> {
  readonly name: string
  /** Planned requests a second. */
  readonly rate: number
  /** Callers who each ask again as soon as they have their answer. */
  readonly callers: number
  /** The most that the 99th percentile may be at that rate, in milliseconds, of the last and longest history. */
  readonly budget: number | null
}

type World = Effect.Effect.Success<typeof startApiWorld>

const routesOf = ({ ids, reader, writer }: World): ReadonlyArray<Route> => {
  const get = { method: "GET", headers: { authorization: `Bearer ${reader.token}` } } as const
  const post = { method: "POST", callers: 4, budget: null } as const
  return [
    { ...get, name: "list", paths: ["/api/monitor?limit=50"], rate: 500, callers: 16, budget: 15 },
    {
      ...get,
      name: "results",
      paths: ids.map((id) => `/api/results/${id}/checks?limit=50`),
      rate: 200,
      callers: 16,
      budget: null,
    },
    {
      ...get,
      name: "stats",
      paths: ids.map((id) => `/api/results/${id}/stats?window=90d`),
      rate: 50,
      callers: 16,
      budget: null,
    },
    {
      ...post,
      name: "create",
      paths: ["/api/monitor"],
      headers: { authorization: `Bearer ${writer.token}` },
      body: JSON.stringify({ url: "https://example.com/{n}", intervalSeconds: 86_400 }),
      rate: 50,
    },
    {
      ...post,
      name: "login",
      paths: ["/api/auth/login"],
      headers: {},
      body: JSON.stringify({ email: "reader@example.com", password }),
      rate: 2,
    },
  ]
}

/** One server's answers to a route: at its rate, and as fast as it can. */
interface Answered {
  readonly p50: number
  readonly p99: number
  readonly perSecond: number
  /** Processor time of the server per request, in microseconds. */
  readonly cpu: number
}

/** How a route is asked, of a server and however often. */
const askedOf = ({ body, headers, method, paths }: Route, { port }: { readonly port: number }) => ({
  port,
  method,
  paths,
  headers,
  ...(body === undefined ? {} : { body }),
})

/** The same by callers in turn, as fast as it can. */
const inTurnsOf = (route: Route, server: { readonly port: number }) => ({
  ...askedOf(route, server),
  rate: null,
  connections: route.callers,
})

const answered = Effect.fnUntraced(function* (
  load: (load: Load) => Effect.Effect<{ times: ReadonlyArray<number>; seconds: number; sent: number }>,
  route: Route,
  server: { readonly pid: number; readonly port: number },
  time: Pick<Load, "seconds" | "warmUpSeconds">,
) {
  const planned = yield* load({ ...askedOf(route, server), ...time, rate: route.rate, connections: 64 })
  const before = yield* cpuOf(server.pid)
  const inTurns = yield* load({ ...inTurnsOf(route, server), ...time })
  const result: Answered = {
    p50: quantile(planned.times, 0.5),
    p99: quantile(planned.times, 0.99),
    perSecond: inTurns.times.length / inTurns.seconds,
    cpu: ((yield* cpuOf(server.pid)) - before) / inTurns.sent,
  }
  return result
})

/** Starts a server that answers a route with the very bytes that the api answers it with. */
const startBare = Effect.fnUntraced(function* (bundle: string, url: string, { body, headers, method, paths }: Route) {
  const { path: folder } = yield* serverFolder
  const answer = yield* Effect.promise(async () => {
    const response = await fetch(`${url}${paths[0]}`, {
      method,
      headers: { ...headers, "content-type": "application/json", "x-forwarded-for": "10.255.0.1" },
      ...(body === undefined ? {} : { body }),
    })
    return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) }
  })
  const file = join(folder, "answer.json")
  yield* Effect.promise(() => writeFile(file, answer.bytes))
  const app = yield* startApp(bundle, { FILE: file, STATUS: String(answer.status) })
  yield* app.awaitOutput("port ")
  return { pid: app.pid, port: Number(/port (\d+)/.exec(yield* app.output)?.[1]) }
})

const routeFigures = (
  name: string,
  { budget, callers, rate }: Route,
  rounds: ReadonlyArray<{ readonly api: Answered; readonly bare: Answered }>,
  isLast: boolean,
): ReadonlyArray<Figure> => {
  const both = (what: keyof Answered) => ({
    value: median(rounds.map(({ api }) => api[what])),
    floor: median(rounds.map(({ bare }) => bare[what])),
  })
  const [p50, p99, perSecond, cpu] = [both("p50"), both("p99"), both("perSecond"), both("cpu")]
  return [
    figure(`${name}: p50 at ${rate}/s`, p50.value, "ms", { floor: p50.floor }),
    figure(`${name}: p99 at ${rate}/s`, p99.value, "ms", { floor: p99.floor, budget: isLast ? budget : null }),
    figure(`${name}: with ${callers} callers`, perSecond.value, "/s", { floor: perSecond.floor }),
    figure(`${name}: processor time of the api`, cpu.value, "µs", { floor: cpu.floor }),
  ]
}

/** How long the statistics of ninety days take the database and us, without HTTP, one after the other, in milliseconds. */
const statsTimes = Effect.fnUntraced(function* (
  bundle: string,
  { databaseUrl, ids, reader }: World,
  calls: number,
  warmUp: number,
) {
  const output = yield* runToEnd("statistics", process.execPath, [...flagsOf("api"), bundle], {
    env: {
      URL: databaseUrl,
      MONITORS: ids.join(","),
      USER_ID: reader.user.id,
      CALLS: String(calls),
      WARM_UP: String(warmUp),
    },
  })
  const times: ReadonlyArray<number> = JSON.parse(output)
  return times
})

/** Uptime and percentiles over ninety days, whatever the history, in milliseconds. */
const statsBudget = 10

const measure = Effect.fnUntraced(function* ({ quick, rounds }: SectionOptions) {
  const { firstSeconds, histories, statsCalls, statsWarmUp, ...time } = sizesOf(quick)
  const [world, load, bareBundle, statsBundle] = yield* Effect.all([
    startApiWorld,
    makeLoads,
    bundled(new URL("./bareHandler.ts", import.meta.url)),
    bundled(new URL("./statsReader.ts", import.meta.url)),
  ])
  const figures: Array<Figure> = []
  for (const rows of histories) {
    yield* world.fill(rows)
    const history = `${rows.toLocaleString("en")} results`
    for (const route of routesOf(world)) {
      const measured = yield* Effect.gen(function* () {
        const bare = yield* startBare(bareBundle, world.url, route)
        // An api of a minute's age is not compiled to the end, and takes half as long again.
        if (route.method === "GET" && firstSeconds > 0) {
          yield* load({ ...inTurnsOf(route, world.api), seconds: firstSeconds, warmUpSeconds: 0 })
        }
        return yield* Effect.all(
          Array.from({ length: rounds }, () =>
            Effect.all({
              api: answered(load, route, world.api, time),
              bare: answered(load, route, bare, time),
            }),
          ),
        )
      }).pipe(Effect.scoped)
      figures.push(...routeFigures(`${route.name}, ${history}`, route, measured, rows === histories.at(-1)))
    }
    const times = yield* statsTimes(statsBundle, world, statsCalls, statsWarmUp)
    figures.push(
      figure(`statistics of 90 days without HTTP, ${history}: p50`, median(times), "ms", { budget: statsBudget }),
      figure(`statistics of 90 days without HTTP, ${history}: p99`, quantile(times, 0.99), "ms", {
        budget: statsBudget,
      }),
    )
    yield* Console.error(`${history} measured`)
  }
  return figures
}, Effect.scoped)

/**
 * How fast the API answers as the history grows, beside `node:http` with the same bytes: latencies at a planned rate, which
 * hides no wait, and requests a second by callers in turn.
 */
export const api: Section = { name: "api", run: measure }
