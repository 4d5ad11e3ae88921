import { setTimeout as sleep } from "node:timers/promises"
import { Effect } from "effect"
import { call, inFolder, metricsOf, type Running, signUp, start, until } from "./app.mjs"
import { type Figure, figure, median } from "./figure.ts"
import type { Section, SectionOptions } from "./section.ts"
import { startTarget } from "./target.mjs"

const intervalSeconds = 60

const sizesOf = (quick: boolean) =>
  quick ? { monitors: 100, idleMinutes: 0.1, warmUpMs: 1_000 } : { monitors: 1_000, idleMinutes: 1, warmUpMs: 65_000 }

/** From the start of the process to the first stored result of a monitor that is added as soon as it is ready, in milliseconds. */
const firstResult = async ({ began, url }: Running, token: string, target: string): Promise<number> => {
  const { id } = await call(`${url}/api/monitor`, { token, body: { url: target } })
  await until("a first result", async () => {
    const { items } = await call(`${url}/api/results/${id}/checks`, { token })
    return items.length > 0 ? true : undefined
  })
  return performance.now() - began
}

/** What an app uses over a time: resident memory at its end in MB, processor time as a percentage of one core. */
const usage = async ({ url }: Running, minutes: number) => {
  const sample = async () => {
    const metric = await metricsOf(url)
    return { rss: metric("process_resident_memory_bytes"), cpu: metric("process_cpu_seconds_total") }
  }
  const before = await sample()
  const began = performance.now()
  await sleep(minutes * 60_000)
  const after = await sample()
  return {
    megabytes: after.rss / 2 ** 20,
    percent: (100 * (after.cpu - before.cpu)) / ((performance.now() - began) / 1000),
  }
}

const addMonitors = ({ url }: Running, token: string, target: string, monitors: number) =>
  call(`${url}/api/monitor/bulk`, {
    token,
    body: {
      operations: Array.from({ length: monitors }, (_, n) => ({
        action: "create",
        monitor: { url: `${target}/${n}`, intervalSeconds },
      })),
    },
  })

interface Starts {
  readonly healthy: number
  readonly result: number
}

const startFigures = (name: string, starts: ReadonlyArray<Starts>): ReadonlyArray<Figure> => [
  figure(`${name} to healthy`, median(starts.map(({ healthy }) => healthy)), "ms"),
  figure(`${name} to a new monitor's first result`, median(starts.map(({ result }) => result)), "ms", {
    budget: 5_000,
  }),
]

const measure = async ({ minutes, quick, rounds }: SectionOptions): Promise<ReadonlyArray<Figure>> => {
  const { idleMinutes, monitors, warmUpMs } = sizesOf(quick)
  const target = await startTarget()
  const figures: Array<Figure> = []
  const first: Array<Starts> = []
  const second: Array<Starts> = []
  const used = (name: string, { megabytes, percent }: Awaited<ReturnType<typeof usage>>, isLoad: boolean) => [
    figure(`${name}: of a core`, percent, "%", { budget: isLoad ? 5 : null }),
    figure(`${name}: memory`, megabytes, "MB", { budget: isLoad ? 250 : null }),
  ]
  try {
    for (let round = 1; round <= rounds; round++) {
      await inFolder(async (dataDir) => {
        const fresh = await start(dataDir)
        const token = await signUp(fresh.url)
        first.push({ healthy: fresh.healthyMs, result: await firstResult(fresh, token, target.url) })
        if (round === rounds) {
          figures.push(...used("idle", await usage(fresh, idleMinutes), false))
          await addMonitors(fresh, token, target.url, monitors)
          await sleep(warmUpMs)
          const name = `${monitors.toLocaleString("en")} monitors at ${intervalSeconds} s`
          figures.push(...used(name, await usage(fresh, minutes), true))
        }
        await fresh.stop()
        const again = await start(dataDir)
        second.push({ healthy: again.healthyMs, result: await firstResult(again, token, target.url) })
        await again.stop()
      })
    }
  } finally {
    target.close()
  }
  return [...startFigures("first start", first), ...startFigures("second start", second), ...figures]
}

/**
 * What `npm start` takes in time, memory and processor time: on a new folder and then on the same one again, idle, and with a
 * thousand monitors, each of them checked from both regions.
 */
export const standalone: Section = {
  name: "standalone",
  run: (options) => Effect.tryPromise(() => measure(options)),
}
