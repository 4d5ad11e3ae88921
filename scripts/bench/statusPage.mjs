/**
 * `npm run bench:status-page [-- requests]`: what a status page of 50 monitors takes, in bytes, in time and in processor time,
 * while many read it at once from what the api holds in memory. 20,000 requests unless told otherwise.
 */
import { Agent, get } from "node:http"
import { call, inFolder, metricsOf, signUp, start, until } from "./app.mjs"

const requests = Number(process.argv[2] ?? 20_000)
const readers = 16
const monitors = 50

/**
 * The processor time of the server so far, in seconds.
 *
 * @param {string} url
 */
const cpuSeconds = async (url) => (await metricsOf(url))("process_cpu_seconds_total")

/**
 * Reads a page many times over connections that stay open; how long each took, in milliseconds, and how long all together.
 *
 * @param {string} url
 * @param {string} encoding
 */
const readMany = async (url, encoding) => {
  const agent = new Agent({ keepAlive: true, maxSockets: readers })
  const once = () =>
    new Promise((resolve, reject) => {
      const began = performance.now()
      get(url, { agent, headers: { "accept-encoding": encoding } }, (response) => {
        response.resume()
        response.once("end", () =>
          response.statusCode === 200
            ? resolve(performance.now() - began)
            : reject(new Error(`${url} answered ${response.statusCode}.`)),
        )
      }).once("error", reject)
    })
  /** @type {Array<number>} */
  const times = []
  let left = requests
  const began = performance.now()
  await Promise.all(
    Array.from({ length: readers }, async () => {
      while (left-- > 0) times.push(Number(await once()))
    }),
  )
  const seconds = (performance.now() - began) / 1000
  agent.destroy()
  times.sort((one, other) => one - other)
  return { seconds, p50: times[Math.floor(times.length / 2)], p99: times[Math.floor(times.length * 0.99)] }
}

await inFolder(async (dataDir) => {
  const { url, stop } = await start(dataDir)
  try {
    const token = await signUp(url)
    const operations = Array.from({ length: monitors }, (_, i) => ({
      action: "create",
      monitor: { url: `${url}/healthz?${i}`, name: `Service ${i + 1}`, intervalSeconds: 60 },
    }))
    await call(`${url}/api/monitor/bulk`, { token, body: { operations } })
    /** @type {{ items: ReadonlyArray<{ id: string }> }} */
    const { items } = await call(`${url}/api/monitor?limit=100`, { token })
    const made = await call(`${url}/api/status-pages`, {
      token,
      body: {
        slug: "bench",
        title: "Bench",
        sections: [{ name: "", monitors: items.map(({ id }) => ({ monitorId: id })) }],
      },
    })
    const page = `${url}/status/bench`
    const html = await until("a page that shows results", async () => {
      const text = await (await fetch(page)).text()
      return text.includes("Service 50") ? text : undefined
    })
    console.log(`${monitors} monitors: ${Buffer.byteLength(html)} bytes of HTML and CSS (budget 40,960)`)
    for (const language of ["de", "fr", "es", "pt-BR", "ja"]) {
      await call(`${url}/api/status-pages/${made.id}`, { method: "PUT", token, body: { language } })
      const bytes = await until(`a page in ${language}`, async () => {
        const text = await (await fetch(page)).text()
        return text.includes(`lang="${language}"`) ? Buffer.byteLength(text) : undefined
      })
      console.log(`in ${language}: ${bytes} bytes (budget 40,960)`)
    }
    for (const what of ["drawn", "kept"]) {
      const began = performance.now()
      const picture = await (await fetch(`${page}/og.png`)).arrayBuffer()
      console.log(`og.png, ${what}: ${picture.byteLength} bytes in ${Math.round(performance.now() - began)} ms`)
    }
    for (const encoding of ["identity", "gzip", "br"]) {
      await readMany(page, encoding)
      const before = await cpuSeconds(url)
      const { p50, p99, seconds } = await readMany(page, encoding)
      const cpuMs = ((await cpuSeconds(url)) - before) * 1000
      console.log(
        `${encoding}: ${(cpuMs / requests).toFixed(3)} ms of processor time per request (budget 5; ${Math.round((requests / cpuMs) * 1000)} a second on one core, budget 1,000), ` +
          `${Math.round(requests / seconds)} a second as read, p50 ${p50?.toFixed(1)} ms, p99 ${p99?.toFixed(1)} ms with ${readers} readers`,
      )
    }
  } finally {
    await stop()
  }
})
