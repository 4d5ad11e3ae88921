/**
 * `npm run faults`: makes faults in real processes of the built apps, and holds what became of every check against what is
 * promised (`docs/reliability.md`). Prints a table with one line for each fault, and for a fault that broke a promise which
 * and where; the last line counts. Linux only: it reads /proc.
 *
 *     npm run faults                      the quick set, for each change
 *     npm run faults -- --all             the whole matrix, at the length that it names
 *     npm run faults -- --only F8,F11     some
 *     npm run faults -- --soak 2h         F34 for so long (s, m or h)
 *     --outage 2m   how long the database is away in F15; ten minutes with --all
 *     --seed N      draws the same instants, victims and order again; the seed is printed
 *     --jobs N      so many faults at a time, each in a world of its own; 3, and 2 with --all
 *     --out FILE    the rows as JSON
 *     --logs FOLDER what each process wrote, of faults that broke a promise
 *     --report FILE puts the rows into the table of a Markdown document, in the place of those of the same faults
 */
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Array as Arr, Cause, Console, Duration, Effect, Exit, Logger, LogLevel, Option } from "effect"
import { plan } from "../../packages/testing/src/faults/Plan.ts"
import { optionsOf } from "../options.ts"
import { putIntoReport } from "../report.ts"
import { type Bundles, makeBundles } from "./Bundles.ts"
import type { Fault, Row } from "./Fault.ts"
import { matrix, quickSet } from "./matrix.ts"
import { failedRow } from "./rowOf.ts"
import { markdownTable, notes, textTable } from "./Table.ts"
import { makeWorld, type World } from "./World.ts"

const values = optionsOf(import.meta.url, {
  all: { type: "boolean", default: false },
  only: { type: "string" },
  soak: { type: "string" },
  outage: { type: "string" },
  seed: { type: "string" },
  jobs: { type: "string" },
  out: { type: "string" },
  logs: { type: "string" },
  report: { type: "string" },
})

const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed)
const isWhole = values.all || values.soak !== undefined
const soakSeconds = Duration.toSeconds(durationOf(values.soak ?? "10m"))
const outageSeconds = Duration.toSeconds(durationOf(values.outage ?? (isWhole ? "10m" : "25s")))
const atATime = Number(values.jobs ?? (isWhole ? 2 : 3))

/** `90s`, `10m` or `2h`. */
function durationOf(text: string): Duration.Duration {
  const [, count, unit] = /^(\d+)([smh])$/.exec(text) ?? []
  const seconds = { s: 1, m: 60, h: 3_600 }[unit ?? ""]
  if (seconds === undefined) throw new Error(`a length of time is a number with s, m or h, such as 2h, not ${text}`)
  return Duration.seconds(Number(count) * seconds)
}

const chosen = (): ReadonlyArray<Fault> => {
  const ids = values.soak === undefined ? values.only?.split(",") : ["F34"]
  if (ids === undefined) return values.all ? matrix : quickSet
  return ids.map((id) => {
    const found = matrix.find((fault) => fault.id === id)
    if (found === undefined)
      throw new Error(`There is no fault ${id}, only ${matrix.map((fault) => fault.id).join(", ")}.`)
    return found
  })
}

/** Keeps what processes wrote, where that is wanted and something went wrong. */
const keepLogs = Effect.fnUntraced(function* (
  world: World,
  fault: Fault,
  ended: Exit.Exit<Row, unknown>,
): Effect.fn.Return<void> {
  const { logs } = values
  if (logs === undefined || (Exit.isSuccess(ended) && ended.value.breaches.length === 0)) return
  yield* Effect.promise(() => mkdir(logs, { recursive: true }))
  for (const { name, output } of world.apps.started()) {
    const text = yield* output
    yield* Effect.promise(() => writeFile(join(logs, `${fault.id} ${name}.log`), text))
  }
})

/** Makes one fault, whatever becomes of it. */
const make = Effect.fnUntraced(function* (bundles: Bundles, fault: Fault): Effect.fn.Return<Row> {
  const began = performance.now()
  const limit = `${(fault.limitSeconds ?? 240) + (fault.id === "F34" ? soakSeconds : 0)} seconds` as const
  const exit = yield* Effect.gen(function* () {
    const world = yield* makeWorld(bundles, plan(seed, fault.id), { isWhole, outageSeconds, soakSeconds }, fault.world)
    return yield* fault.run(world).pipe(Effect.onExit((ended) => keepLogs(world, fault, ended)))
  }).pipe(Effect.scoped, Effect.timeoutOption(limit), Effect.exit)
  const row = Exit.match(exit, {
    onFailure: (cause) => failedRow(fault, seed, Cause.pretty(cause)),
    onSuccess: Option.getOrElse(() => failedRow(fault, seed, `not within ${limit}`)),
  })
  const took = ((performance.now() - began) / 1000).toFixed(0)
  yield* Console.log(`${row.breaches.length === 0 ? "passed" : "FAILED"} ${fault.id} ${fault.name} (${took} s)`)
  for (const line of notes(row)) yield* Console.log(`  ${line}`)
  return row
})

await Effect.runPromise(
  Effect.gen(function* () {
    const faults = chosen()
    yield* Console.log(`seed ${seed}: ${faults.map(({ id }) => id).join(", ")}`)
    const bundles = yield* makeBundles(faults.some(({ needsApi }) => needsApi === true))
    const longestFirst = faults.toSorted((one, other) => (other.limitSeconds ?? 0) - (one.limitSeconds ?? 0))
    const [beside, alone] = Arr.partition(longestFirst, ({ isAlone }) => isAlone === true)
    const made = [
      ...(yield* Effect.forEach(beside, (fault) => make(bundles, fault), { concurrency: atATime })),
      ...(yield* Effect.forEach(alone, (fault) => make(bundles, fault))),
    ]
    const rows = faults.flatMap(({ id }) => made.filter((row) => row.id === id))
    yield* Console.log(`\n${textTable(rows)}\n`)
    const { out, report } = values
    if (out !== undefined) {
      yield* Effect.promise(() => writeFile(out, `${JSON.stringify({ seed, rows }, null, 2)}\n`))
    }
    if (report !== undefined) {
      const order = matrix.map(({ id }) => id)
      yield* putIntoReport(report, "faults", (now) => markdownTable(order, rows, now))
    }
    const failed = rows.filter(({ breaches }) => breaches.length > 0).length
    yield* Console.log(`seed ${seed}`)
    yield* Console.log(`${rows.length - failed} passed, ${failed} failed`)
    if (failed > 0) process.exitCode = 1
  }).pipe(Effect.scoped, Logger.withMinimumLogLevel(LogLevel.Error)),
)
process.exit()
