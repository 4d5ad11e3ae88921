import { Agent, request } from "node:http"
import type { Load, LoadReport } from "./load.ts"

/**
 * Asks an HTTP server as `LOAD` says (JSON of a `Load`), in a process of its own, and prints a `LoadReport` as JSON.
 *
 * With a rate the requests begin when they are planned, whether the ones before have been answered or not, and what is
 * measured is the time since the plan: a server that stalls is late for all who came meanwhile, not for one. Without a rate
 * every connection asks again as soon as it has its answer.
 */
const load: Load = JSON.parse(process.env["LOAD"] ?? "")
const { body, connections, headers, method, paths, port, rate, seconds, warmUpSeconds } = load

const agent = new Agent({ keepAlive: true, maxSockets: connections })
const times: Array<number> = []
let sent = 0
let failed = 0

/** A caller's own address, as a proxy would say it. */
const addressOf = (n: number) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`

/** One request; how it was answered, if by a success. Ends when the whole answer is there. */
const once = (n: number): Promise<boolean> =>
  new Promise((resolve) => {
    const text = body?.replaceAll("{n}", String(n))
    const path = paths[n % paths.length]
    const call = request(
      {
        ...{ host: "127.0.0.1", port, path, method, agent },
        headers: {
          ...headers,
          "x-forwarded-for": addressOf(n),
          ...(text === undefined
            ? {}
            : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) }),
        },
      },
      (response) => {
        response.resume()
        response.once("end", () => resolve(response.statusCode !== undefined && response.statusCode < 300))
      },
    )
    call.once("error", () => resolve(false))
    call.end(text)
  })

const began = performance.now()
const measuredFrom = began + warmUpSeconds * 1000
const until = measuredFrom + seconds * 1000

const ask = async (from: number): Promise<void> => {
  const succeeded = await once(sent++)
  if (from < measuredFrom) return
  if (succeeded) times.push(performance.now() - from)
  else failed++
}

const byPlan = async (perSecond: number): Promise<void> => {
  const open = new Set<Promise<void>>()
  const plannedAt = (n: number) => began + (n * 1000) / perSecond
  for (let n = 0; plannedAt(n) < until; n++) {
    const wait = plannedAt(n) - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    // A timer may be a millisecond early.
    const one: Promise<void> = ask(Math.min(plannedAt(n), performance.now())).finally(() => open.delete(one))
    open.add(one)
  }
  await Promise.all(open)
}

const inTurns = async (): Promise<void> => {
  while (performance.now() < until) await ask(performance.now())
}

await (rate === null ? Promise.all(Array.from({ length: connections }, inTurns)) : byPlan(rate))
agent.destroy()
const report: LoadReport = { times, failed, seconds: (performance.now() - measuredFrom) / 1000, sent }
process.stdout.write(`${JSON.stringify(report)}\n`)
