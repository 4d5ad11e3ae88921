/**
 * `npm run bench:standalone [-- minutes]`: what `npm start` takes in time, memory and processor time, on a new folder and
 * then on the same one again, at idle and with 1,000 monitors at 60 s, each region's check of each of them. Ten minutes of
 * load unless told otherwise.
 */
import "../nodeVersion.mjs"
import { spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { ensureBuilt } from "../build.mjs"
import { ensureInstalled, root } from "../install.mjs"

const monitors = 1000
const intervalSeconds = 60
const loadMinutes = Number(process.argv[2] ?? 10)
const idleMinutes = 1
/** How long a start, a stop or a first result may take before the run fails, in milliseconds. */
const patienceMs = 60_000

/**
 * @typedef {object} Running
 * @property {string} url where it answers
 * @property {number} healthyMs from the start of the process to the first answer that it is ready
 * @property {number} began the instant of the start, by `performance.now`
 * @property {() => Promise<void>} stop asks it to stop and waits for its end
 */

/** The cheapest target there is: one answer of fixed bytes per connection. */
const startTarget = async () => {
  const answer = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy())
    socket.once("data", () => socket.end(answer))
  })
  await new Promise((resolve) => server.listen({ port: 0, host: "127.0.0.1" }, () => resolve(undefined)))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The target has no port.")
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() }
}

/**
 * Starts it as `npm start` does.
 *
 * @param {string} dataDir
 * @returns {Promise<Running>}
 */
const start = async (dataDir) => {
  const began = performance.now()
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    cwd: root,
    env: { PATH: process.env["PATH"], DATA_DIR: dataDir, PORT: "0", NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "inherit"],
  })
  process.once("exit", () => child.kill("SIGKILL"))
  const ended = new Promise((resolve) => child.once("exit", resolve))
  let output = ""
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    output = (output + chunk).slice(-10_000)
  })
  const url = await until("a start", async () => {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${output}`)
    const found = /Uptime runs at (\S+)/.exec(output)?.[1]
    return found !== undefined && (await fetch(`${found}/readyz`)).ok ? found : undefined
  })
  return {
    url,
    began,
    healthyMs: performance.now() - began,
    stop: async () => {
      child.kill("SIGTERM")
      await Promise.race([ended, sleep(patienceMs).then(() => child.kill("SIGKILL"))])
    },
  }
}

/**
 * Asks every 10 ms until there is an answer.
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
    await sleep(10)
  }
  throw new Error(`Waited ${patienceMs / 1000} s for ${what}.`)
}

/**
 * A call of the API.
 *
 * @param {string} url
 * @param {{ token?: string, body?: unknown }} [options]
 */
const call = async (url, { token, body } = {}) => {
  const response = await fetch(url, {
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return JSON.parse(await response.text())
}

/**
 * From the start of the process to the first stored result of a monitor that is added as soon as it is ready.
 *
 * @param {Running} running
 * @param {string} token
 * @param {string} target
 */
const firstResultMs = async (running, token, target) => {
  const { id } = await call(`${running.url}/api/monitor`, { token, body: { url: target } })
  await until("a first result", async () => {
    const { items } = await call(`${running.url}/api/results/${id}/checks`, { token })
    return items.length > 0 ? items : undefined
  })
  return performance.now() - running.began
}

/**
 * A value of the process' own metrics.
 *
 * @param {string} text
 * @param {string} name
 */
const metric = (text, name) => Number(new RegExp(`^${name} (.+)$`, "m").exec(text)?.[1])

/**
 * What it uses over a time: resident memory at its end in MB, processor time as a percentage of one core.
 *
 * @param {Running} running
 * @param {number} minutes
 */
const usage = async ({ url }, minutes) => {
  const sample = async () => {
    const text = await (await fetch(`${url}/metrics`)).text()
    return { rss: metric(text, "process_resident_memory_bytes"), cpu: metric(text, "process_cpu_seconds_total") }
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

/**
 * Adds the monitors of the load, in one call.
 *
 * @param {Running} running
 * @param {string} token
 * @param {string} target
 */
const addMonitors = ({ url }, token, target) =>
  call(`${url}/api/monitor/bulk`, {
    token,
    body: {
      operations: Array.from({ length: monitors }, (_, n) => ({
        action: "create",
        monitor: { url: `${target}/${n}`, intervalSeconds },
      })),
    },
  })

ensureInstalled()
await ensureBuilt("standalone")
const dataDir = await mkdtemp(join(tmpdir(), "uptime-bench-"))
const target = await startTarget()
try {
  const first = await start(dataDir)
  const person = { email: "bench@example.com", name: "Bench", password: "a long enough sentence" }
  const { token } = await call(`${first.url}/api/auth/signup`, { body: person })
  const firstResult = await firstResultMs(first, token, target.url)
  const idle = await usage(first, idleMinutes)
  await addMonitors(first, token, target.url)
  const loaded = await usage(first, loadMinutes)
  await first.stop()
  const second = await start(dataDir)
  const secondResult = await firstResultMs(second, token, target.url)
  await second.stop()

  /** @param {number} ms */
  const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`
  /** @param {{ megabytes: number, percent: number }} used */
  const used = ({ megabytes, percent }) => `${megabytes.toFixed(0)} MB, ${percent.toFixed(1)} % of a core`.padEnd(26)
  for (const [what, measured, budget] of [
    ["first start to healthy", seconds(first.healthyMs), ""],
    ["first start to a new monitor's first result", seconds(firstResult), "<= 5 s"],
    ["second start to healthy", seconds(second.healthyMs), ""],
    ["second start to a new monitor's first result", seconds(secondResult), "<= 5 s"],
    [`idle, after ${idleMinutes} min`, used(idle), ""],
    [`${monitors} monitors at ${intervalSeconds} s, after ${loadMinutes} min`, used(loaded), "<= 250 MB, <= 5 %"],
  ])
    console.log(`${what?.padEnd(46)}${measured?.padEnd(28)}${budget}`)
} finally {
  target.close()
  await rm(dataDir, { recursive: true, force: true })
}
