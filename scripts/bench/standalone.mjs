/**
 * `npm run bench:standalone [-- minutes]`: what `npm start` takes in time, memory and processor time, on a new folder and
 * then on the same one again, at idle and with 1,000 monitors at 60 s, each region's check of each of them. Ten minutes of
 * load unless told otherwise.
 */
import { setTimeout as sleep } from "node:timers/promises"
import { call, inFolder, metricsOf, signUp, start, until } from "./app.mjs"
import { startTarget } from "./target.mjs"

const monitors = 1000
const intervalSeconds = 60
const loadMinutes = Number(process.argv[2] ?? 10)
const idleMinutes = 1

/** @typedef {import("./app.mjs").Running} Running */

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
 * What it uses over a time: resident memory at its end in MB, processor time as a percentage of one core.
 *
 * @param {Running} running
 * @param {number} minutes
 */
const usage = async ({ url }, minutes) => {
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

await inFolder(async (dataDir) => {
  const target = await startTarget()
  try {
    const first = await start(dataDir)
    const token = await signUp(first.url)
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
  }
})
