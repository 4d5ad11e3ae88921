import { Effect } from "effect"
import { call, inFolder, metricsOf, signUp, start, until } from "./app.mjs"
import { type Figure, figure, median, quantile } from "./figure.ts"
import { type Load, type LoadReport, makeLoads } from "./load.ts"
import type { Section, SectionOptions } from "./section.ts"

const readers = 16
const monitors = 50

/** The most that a page may weigh, in kilobytes of HTML and CSS, and what one request may take. */
const pageBudget = 40.96
const requestBudgetMs = 5
const perCoreBudget = 1_000

const languages = ["de", "fr", "es", "pt-BR", "ja"]

const sizesOf = (quick: boolean) => (quick ? { seconds: 1, warmUpSeconds: 1 } : { seconds: 5, warmUpSeconds: 3 })

type LoadNow = (load: Load) => Promise<LoadReport>

/** One round of many readers, who take the page in an encoding from what the api holds in memory. */
const read = async (url: string, encoding: string, load: LoadNow, time: Pick<Load, "seconds" | "warmUpSeconds">) => {
  const cpuSeconds = async () => (await metricsOf(url))("process_cpu_seconds_total")
  const before = await cpuSeconds()
  const { seconds, sent, times } = await load({
    ...{ port: Number(new URL(url).port), method: "GET", paths: ["/status/bench"] },
    ...{ headers: { "accept-encoding": encoding }, rate: null, connections: readers, ...time },
  })
  return {
    cpuMs: (1000 * ((await cpuSeconds()) - before)) / sent,
    perSecond: times.length / seconds,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  }
}

const makePage = async (url: string): Promise<{ readonly id: string; readonly token: string }> => {
  const token = await signUp(url)
  const operations = Array.from({ length: monitors }, (_, i) => ({
    action: "create",
    monitor: { url: `${url}/healthz?${i}`, name: `Service ${i + 1}`, intervalSeconds: 60 },
  }))
  await call(`${url}/api/monitor/bulk`, { token, body: { operations } })
  const { items }: { items: ReadonlyArray<{ id: string }> } = await call(`${url}/api/monitor?limit=100`, { token })
  const sections = [{ name: "", monitors: items.map(({ id }) => ({ monitorId: id })) }]
  const { id } = await call(`${url}/api/status-pages`, { token, body: { slug: "bench", title: "Bench", sections } })
  return { id, token }
}

const measure = async ({ quick, rounds }: SectionOptions, load: LoadNow): Promise<ReadonlyArray<Figure>> => {
  const figures: Array<Figure> = []
  await inFolder(async (dataDir) => {
    const { stop, url } = await start(dataDir)
    try {
      const { id, token } = await makePage(url)
      const page = `${url}/status/bench`
      const bytesOnce = (text: string) =>
        until(`a page with ${text}`, async () => {
          const html = await (await fetch(page)).text()
          return html.includes(text) ? Buffer.byteLength(html) : undefined
        })
      figures.push(figure("HTML and CSS", (await bytesOnce("Service 50")) / 1000, "KB", { budget: pageBudget }))
      for (const language of languages) {
        await call(`${url}/api/status-pages/${id}`, { method: "PUT", token, body: { language } })
        const bytes = await bytesOnce(`lang="${language}"`)
        figures.push(figure(`HTML and CSS in ${language}`, bytes / 1000, "KB", { budget: pageBudget }))
      }
      for (const what of ["drawn", "kept"]) {
        const began = performance.now()
        await (await fetch(`${page}/og.png`)).arrayBuffer()
        figures.push(figure(`picture, ${what}`, performance.now() - began, "ms"))
      }
      for (const encoding of ["identity", "gzip", "br"]) {
        const all: Array<Awaited<ReturnType<typeof read>>> = []
        for (let round = 0; round < rounds; round++) all.push(await read(url, encoding, load, sizesOf(quick)))
        const of = (what: "cpuMs" | "p50" | "p99" | "perSecond") => median(all.map((each) => each[what]))
        figures.push(
          figure(`${encoding}: processor time per request`, of("cpuMs"), "ms", { budget: requestBudgetMs }),
          figure(`${encoding}: requests on one core`, 1000 / of("cpuMs"), "/s", { budget: perCoreBudget }),
          figure(`${encoding}: with ${readers} readers`, of("perSecond"), "/s"),
          figure(`${encoding}: with ${readers} readers, p50`, of("p50"), "ms"),
          figure(`${encoding}: with ${readers} readers, p99`, of("p99"), "ms"),
        )
      }
    } finally {
      await stop()
    }
  })
  return figures
}

/** What a status page of fifty monitors takes, in bytes, in time and in processor time, while many read it at once. */
export const statusPage: Section = {
  name: "status-page",
  run: (options) =>
    Effect.flatMap(makeLoads, (load) =>
      Effect.tryPromise(() => measure(options, (one) => Effect.runPromise(load(one)))),
    ).pipe(Effect.scoped),
}
