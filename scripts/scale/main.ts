/**
 * What installations of several sizes need, worked out from measured costs: `npm run scale`. Other sizes by
 * `npm run scale -- --monitors 2000000 --regions 5 --interval 60 --tls 0.9 --seed 7`. The same arguments print the same table.
 */

import { optionsOf } from "../options.ts"
import { type Needs, simulate } from "./simulate.ts"

const values = optionsOf(import.meta.url, {
  monitors: { type: "string" },
  regions: { type: "string", default: "10" },
  interval: { type: "string", default: "60" },
  tls: { type: "string", default: "0.8" },
  seed: { type: "string", default: "1" },
})

const number = (text: string, least: number): number => {
  const value = Number(text)
  if (Number.isFinite(value) && value >= least) return value
  console.error(`a number from ${least} up, not ${JSON.stringify(text)}`)
  process.exit(1)
}

const sizes = values.monitors === undefined ? [100_000, 1_000_000, 10_000_000] : [number(values.monitors, 1)]
const common = {
  regions: Math.ceil(number(values.regions, 1)),
  intervalSeconds: Math.ceil(number(values.interval, 10)),
  tls: Math.min(1, number(values.tls, 0)),
  seed: number(values.seed, 0),
}

const units = ["", "k", "M", "G", "T", "P"]
const short = (value: number, unit = ""): string => {
  const step = value < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3))
  const scaled = value / 1_000 ** step
  return `${scaled < 10 && step > 0 ? scaled.toFixed(1) : scaled.toFixed(0)} ${units[step]}${unit}`.trim()
}

const rows: ReadonlyArray<readonly [string, (needs: Needs) => string]> = [
  ["jobs a second", ({ jobs }) => short(jobs)],
  ["checks, and rows, a second", ({ checks }) => short(checks)],
  ["busiest second of the interval", ({ peak }) => `${peak.toFixed(2)} × mean`],
  ["start of check late, p99", ({ lateness }) => `${lateness.toFixed(2)} s`],
  ["worker cores per region", ({ workerCores }) => short(workerCores)],
  ["network of a region to its targets", ({ targetNetwork }) => short(targetNetwork, "B/s")],
  ["Redis cores, busy", ({ redisCores }) => redisCores.toFixed(2)],
  ["STREAM_SHARDS", ({ shards }) => String(shards)],
  ["Redis memory, all regions there", ({ redisMemory }) => short(redisMemory, "B")],
  ["Redis memory, a region away", ({ redisMemoryBehind }) => short(redisMemoryBehind, "B")],
  ["Redis network", ({ redisNetwork }) => short(redisNetwork, "B/s")],
  ["connections to a node of Redis", ({ redisConnections }) => short(redisConnections)],
  ["PostgreSQL servers", ({ postgresServers }) => short(postgresServers)],
  ["rows a day", ({ rowsPerDay }) => short(rowsPerDay)],
  ["storage of 90 days", ({ storage }) => short(storage, "B")],
  ["written ahead", ({ wal }) => short(wal, "B/s")],
  ["network to PostgreSQL", ({ postgresNetwork }) => short(postgresNetwork, "B/s")],
  ["connections to a PostgreSQL", ({ postgresConnections }) => short(postgresConnections)],
]

const all = sizes.map((monitors) => simulate({ monitors, ...common }))
const line = (cells: ReadonlyArray<string>) =>
  `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(36) : cell.padStart(14))).join(" | ")} |`
console.log(
  `${common.regions} regions, every ${common.intervalSeconds} s, ${common.tls * 100} % TLS, seed ${common.seed}\n`,
)
console.log(line(["monitors", ...sizes.map((size) => short(size))]))
console.log(line(["---", ...sizes.map(() => "--:")]))
for (const [name, show] of rows) console.log(line([name, ...all.map(show)]))
all.forEach(({ bottlenecks }, i) => {
  console.log(`\n${short(sizes[i] ?? 0)} monitors, what passes one server or its limits, the worst first:`)
  for (const each of bottlenecks.length === 0 ? ["nothing"] : bottlenecks) console.log(`- ${each}`)
})
