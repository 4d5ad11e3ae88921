/**
 * `npm run bench:status-page [-- requests]`: what a status page of 50 monitors takes, in bytes, in time and in processor time,
 * while many read it at once from what the api holds in memory. 20,000 requests unless told otherwise.
 */
import "../nodeVersion.mjs"
import { spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { Agent, get } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { ensureBuilt } from "../build.mjs"
import { ensureInstalled, root } from "../install.mjs"

const requests = Number(process.argv[2] ?? 20_000)
const readers = 16
const monitors = 50
/** How long a start or a page may take before the run fails, in milliseconds. */
const patienceMs = 60_000

/**
 * Asks every 50 ms until there is an answer.
 *
 * @template A
 * @param {string} what
 * @param {() => Promise<A | undefined>} question
 * @returns {Promise<A>}
 */
const until = async (what, question) => {
  const began = performance.now()
  while (performance.now() - began < patienceMs) {
    const answer = await question()
    if (answer !== undefined) return answer
    await sleep(50)
  }
  throw new Error(`Waited ${patienceMs / 1000} s for ${what}.`)
}

/**
 * A call of the API.
 *
 * @param {string} url
 * @param {{ token?: string, body: unknown }} options
 */
const post = (url, options) => call("POST", url, options)

/**
 * The same to change something.
 *
 * @param {string} url
 * @param {{ token?: string, body: unknown }} options
 */
const put = (url, options) => call("PUT", url, options)

/**
 * @param {string} method
 * @param {string} url
 * @param {{ token?: string, body: unknown }} options
 */
const call = async (method, url, { token, body }) => {
  const response = await fetch(url, {
    method,
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return JSON.parse(await response.text())
}

/**
 * The processor time of the server so far, in seconds.
 *
 * @param {string} url
 */
const cpuSeconds = async (url) => {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1])
}

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

ensureInstalled()
await ensureBuilt("standalone")
const dataDir = await mkdtemp(join(tmpdir(), "uptime-bench-"))
const child = spawn(process.execPath, ["scripts/start.mjs"], {
  cwd: root,
  env: { PATH: process.env["PATH"], DATA_DIR: dataDir, PORT: "0", NODE_ENV: "production" },
  stdio: ["ignore", "pipe", "inherit"],
})
process.once("exit", () => child.kill("SIGKILL"))
try {
  let output = ""
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    output = (output + chunk).slice(-10_000)
  })
  const url = await until("a start", async () => {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${output}`)
    const found = /Uptime runs at (\S+)/.exec(output)?.[1]
    return found !== undefined && (await fetch(`${found}/readyz`)).ok ? found : undefined
  })
  const { token } = await post(`${url}/api/auth/signup`, {
    body: { email: "bench@example.com", name: "Bench", password: "correct horse battery" },
  })
  const operations = Array.from({ length: monitors }, (_, i) => ({
    action: "create",
    monitor: { url: `${url}/healthz?${i}`, name: `Service ${i + 1}`, intervalSeconds: 60 },
  }))
  await post(`${url}/api/monitor/bulk`, { token, body: { operations } })
  const listed = await fetch(`${url}/api/monitor?limit=100`, { headers: { authorization: `Bearer ${token}` } })
  /** @type {{ items: ReadonlyArray<{ id: string }> }} */
  const { items } = JSON.parse(await listed.text())
  const made = await post(`${url}/api/status-pages`, {
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
    await put(`${url}/api/status-pages/${made.id}`, { token, body: { language } })
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
  const ended = new Promise((resolve) => child.once("exit", resolve))
  child.kill("SIGTERM")
  await Promise.race([ended, sleep(15_000)])
  child.kill("SIGKILL")
  await rm(dataDir, { recursive: true, force: true })
}
process.exit(0)
