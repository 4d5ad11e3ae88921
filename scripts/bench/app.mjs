/** What every benchmark of the standalone app begins with: it is started as people start it, asked, and stopped. */
import "../nodeVersion.mjs"
import { spawn } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { ensureBuilt } from "../build.mjs"
import { ensureInstalled, root } from "../install.mjs"

/** How long something may take before the run fails, in milliseconds, unless told otherwise. */
const patienceMs = 60_000

/**
 * @typedef {object} Running
 * @property {string} url where it answers, without a slash at the end
 * @property {number} healthyMs from the start of the process to the first answer that it is ready
 * @property {number} began the instant of the start, by `performance.now`
 * @property {() => Promise<void>} stop asks it to stop and waits for its end
 */

/**
 * Asks every 10 ms until there is an answer.
 *
 * @template A
 * @param {string} what
 * @param {() => Promise<A | undefined>} question
 * @param {number} [patience] how long it may take, in milliseconds
 * @returns {Promise<A>}
 */
export const until = async (what, question, patience = patienceMs) => {
  const began = performance.now()
  while (performance.now() - began < patience) {
    const answer = await question()
    if (answer !== undefined) return answer
    await sleep(10)
  }
  throw new Error(`Waited ${patience / 1000} s for ${what}.`)
}

/**
 * A call of the API: `GET` without a body and `POST` with one, unless told otherwise. Fails for an answer that is no success.
 *
 * @param {string} url
 * @param {{ token?: string, body?: unknown, method?: string }} [options]
 */
export const call = async (url, { token, body, method = body === undefined ? "GET" : "POST" } = {}) => {
  const response = await fetch(url, {
    method,
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return JSON.parse(await response.text())
}

/**
 * Makes the account of a benchmark.
 *
 * @param {string} url where the app answers
 * @returns {Promise<string>} its token
 */
export const signUp = async (url) => {
  const person = { email: "bench@example.com", name: "Bench", password: "a long enough sentence" }
  return (await call(`${url}/api/auth/signup`, { body: person })).token
}

/**
 * The process' own metrics, by name.
 *
 * @param {string} url where the app answers
 * @returns {Promise<(name: string) => number>}
 */
export const metricsOf = async (url) => {
  const text = await (await fetch(`${url}/metrics`)).text()
  return (name) => Number(new RegExp(`^${name} (.+)$`, "m").exec(text)?.[1])
}

/**
 * Starts the app as `npm start` does.
 *
 * @param {string} dataDir
 * @param {Record<string, string>} [settings] more of its environment
 * @returns {Promise<Running>}
 */
export const start = async (dataDir, settings = {}) => {
  const began = performance.now()
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"))
  const child = spawn(process.execPath, scripts.start.split(" ").slice(1), {
    cwd: root,
    env: { PATH: process.env["PATH"], DATA_DIR: dataDir, PORT: "0", NODE_ENV: "production", ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  })
  const kill = () => child.kill("SIGKILL")
  process.once("exit", kill)
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
      await Promise.race([ended, sleep(patienceMs, undefined, { ref: false }).then(kill)])
      process.off("exit", kill)
    },
  }
}

/**
 * Builds the app if that is needed and gives a benchmark a folder, which goes when it ends.
 *
 * @param {(dataDir: string) => Promise<void>} run
 */
export const inFolder = async (run) => {
  ensureInstalled()
  await ensureBuilt("standalone")
  const dataDir = await mkdtemp(join(tmpdir(), "uptime-bench-"))
  try {
    await run(dataDir)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
