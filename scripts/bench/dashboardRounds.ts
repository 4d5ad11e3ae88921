import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { interact, type Latencies } from "./dashboardInput.ts"

/** A call of the api, or a script, of the first view: times in milliseconds, sizes in bytes. */
export interface Resource {
  readonly path: string
  /** Since the navigation began. */
  readonly began: number
  /** From the request to the first byte of the answer. */
  readonly waited: number
  /** Since the navigation began. */
  readonly ended: number
  /** As it was sent, and without compression. */
  readonly bytes: number
  readonly plainBytes: number
}

/** One visit of the list: times in milliseconds since the navigation began. */
export interface View {
  readonly firstPaint: number
  /** When the first rows of the list were painted. */
  readonly firstRows: number
  readonly layoutShift: number
  readonly resources: ReadonlyArray<Resource>
  /** What JavaScript keeps after a collection, in bytes. */
  readonly heap: number
}

/** All that was measured. */
export interface Measured {
  /** With nothing kept from before, and with everything that a browser may keep. */
  readonly cold: ReadonlyArray<View>
  readonly warm: ReadonlyArray<View>
  readonly interactions: Latencies
  /** How long each frame of a scroll lasted, in milliseconds, and the heap after the fast one, in bytes. */
  readonly scroll: {
    readonly fast: ReadonlyArray<number>
    readonly slow: ReadonlyArray<number>
    readonly heap: number
  }
  /**
   * With the bars of all rows known, and results coming all the time: what the list takes of a core at rest, from 0 to 1, and
   * how long each frame of a slow scroll lasted, in milliseconds.
   */
  readonly live: { readonly atRest: number; readonly slow: ReadonlyArray<number> }
  /** The JavaScript of the first view, in bytes of gzip. */
  readonly scriptBytes: number
  /** How long the list of all monitors takes to its first byte while no browser runs beside it, in milliseconds. */
  readonly summaries: ReadonlyArray<number>
}

/** What is asked for: a browser, where the app answers, a session, and how often everything is measured. */
export interface MeasureOptions {
  readonly open: Browser
  readonly url: string
  readonly token: string
  readonly rounds: number
  /** Has all monitors checked every minute from now on. */
  readonly checkEveryMinute: () => Promise<void>
}

/** How far a frame scrolls, in pixels: a screen, which is as fast as a scroll bar is drawn; a turn of a wheel. */
const steps = { fast: 900, slow: 60 } as const

/** How much of the list the slow scroll goes through, in frames. */
const slowFrames = 300

/** How long a browser draws its own window, out of sight as it is, before it has time for a page, in milliseconds. */
const windowMs = 2_000

const newPage = async (context: BrowserContext): Promise<Page> => {
  const page = await context.newPage()
  await sleep(windowMs)
  return page
}

const probeScript = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../../apps/web/bench/probe.ts", import.meta.url))],
    bundle: true,
    format: "iife",
    target: "es2022",
    write: false,
  })
  return outputFiles[0]?.text ?? ""
}

const heapOf = async (context: BrowserContext, page: Page): Promise<number> => {
  const session = await context.newCDPSession(page)
  await session.send("HeapProfiler.collectGarbage")
  const { usedSize } = await session.send("Runtime.getHeapUsage")
  await session.detach()
  return usedSize
}

const view = async (context: BrowserContext, page: Page, url: string): Promise<View> => {
  await page.goto(url)
  const firstRows = await page.evaluate<number>("probe.firstRows()")
  const resources = await page.evaluate<ReadonlyArray<Resource>>("probe.resources()")
  // What comes after the rows, such as their bars, is part of the view too.
  await page
    .getByRole("img", { name: /^Last \d+ checks/ })
    .first()
    .waitFor()
  await page.getByText("Live", { exact: true }).waitFor()
  return {
    firstPaint: await page.evaluate<number>("probe.firstPaint()"),
    firstRows,
    layoutShift: await page.evaluate<number>("probe.layoutShift()"),
    resources,
    heap: await heapOf(context, page),
  }
}

/** How long the list is watched at rest, and how long it is left alone before, in milliseconds. */
const rest = { watched: 10_000, before: 3_000 } as const

const busySeconds = async (context: BrowserContext, page: Page, during: () => Promise<void>): Promise<number> => {
  const session = await context.newCDPSession(page)
  await session.send("Performance.enable")
  const taken = async () => {
    const { metrics } = await session.send("Performance.getMetrics")
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0
  }
  const before = await taken()
  await during()
  const after = await taken()
  await session.detach()
  return after - before
}

const liveView = async (context: BrowserContext, url: string): Promise<Measured["live"]> => {
  const page = await newPage(context)
  await view(context, page, url)
  // Screen by screen, since rows that fly by are not asked for.
  await page.evaluate(`probe.look(${steps.fast})`)
  await page.evaluate("scrollTo(0, 0)")
  await sleep(rest.before)
  const busy = await busySeconds(context, page, () => sleep(rest.watched))
  return {
    atRest: (busy * 1000) / rest.watched,
    slow: await page.evaluate<ReadonlyArray<number>>(`probe.scroll(${steps.slow}, ${slowFrames})`),
  }
}

/** How often the list of all monitors is asked for by itself. */
const summariesTimes = 9

const summariesAlone = async (url: string, token: string): Promise<ReadonlyArray<number>> => {
  const times: Array<number> = []
  for (let left = summariesTimes; left > 0; left--) {
    const began = performance.now()
    const response = await fetch(`${url}/api/monitor/summaries`, { headers: { authorization: `Bearer ${token}` } })
    times.push(performance.now() - began)
    await response.arrayBuffer()
  }
  return times
}

const gzipBytes = async (url: string, views: ReadonlyArray<View>): Promise<number> => {
  const scripts = new Set(
    views.flatMap(({ resources }) => resources.map(({ path }) => path)).filter((path) => path.endsWith(".js")),
  )
  const sizes = await Promise.all(
    [...scripts].map(async (path) => gzipSync(await (await fetch(`${url}${path}`)).text(), { level: 9 }).length),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Visits the list as often as asked, cold and warm, uses it, and scrolls through all of it. */
export const measure = async ({ checkEveryMinute, open, rounds, token, url }: MeasureOptions): Promise<Measured> => {
  const content = await probeScript()
  const visitor = async () => {
    const context = await open.newContext({ viewport: { width: 1440, height: 900 } })
    await context.addCookies([{ name: "token", value: token, url }])
    await context.addInitScript({ content })
    return context
  }
  const cold: Array<View> = []
  const warm: Array<View> = []
  const interactions: Array<Latencies> = []
  const scroll = { fast: [] as number[], slow: [] as number[], heap: 0 }
  // The first visit warms the server up, and is not counted.
  for (let round = -1; round < rounds; round++) {
    const context = await visitor()
    const first = await newPage(context)
    const coldView = await view(context, first, url)
    await first.close()
    const page = await newPage(context)
    const warmView = await view(context, page, url)
    if (round >= 0) {
      cold.push(coldView)
      warm.push(warmView)
      interactions.push(await interact(page))
      scroll.slow.push(...(await page.evaluate<ReadonlyArray<number>>(`probe.scroll(${steps.slow}, ${slowFrames})`)))
    }
    // Through all of the list once: it takes as long as a round.
    if (round === rounds - 1) {
      await page.evaluate("scrollTo(0, 0)")
      scroll.fast.push(...(await page.evaluate<ReadonlyArray<number>>(`probe.scroll(${steps.fast})`)))
      scroll.heap = Math.max(scroll.heap, await heapOf(context, page))
    }
    await context.close()
  }
  const summaries = await summariesAlone(url, token)
  await checkEveryMinute()
  const context = await visitor()
  const live = await liveView(context, url)
  await context.close()
  return {
    cold,
    warm,
    interactions: merged(interactions),
    scroll,
    live,
    summaries,
    scriptBytes: await gzipBytes(url, cold),
  }
}

const merged = (rounds: ReadonlyArray<Latencies>): Latencies => {
  const all: Record<string, Latencies[string]> = {}
  for (const round of rounds) {
    for (const [name, latencies] of Object.entries(round)) all[name] = [...(all[name] ?? []), ...latencies]
  }
  return all
}
