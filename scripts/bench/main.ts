/**
 * `npm run bench [-- --only ingest,api] [--quick] [--rounds 3] [--minutes 10] [--out FILE] [--report FILE]`: everything that is
 * claimed to be fast, measured on servers of the run's own, in one table: each figure the median of several rounds, beside its
 * floor of the same run and its budget. `--only` names sections, `--quick` is a smoke run in small, `--minutes` says how long a
 * load is held, `--out` names a file for the same as JSON, `--report` a Markdown document with a place for each section. Linux
 * only: it reads /proc. It wants the machine for itself.
 */
import { writeFile } from "node:fs/promises"
import { cpus, totalmem } from "node:os"
import { Cause, Clock, Console, DateTime, Effect, Exit } from "effect"
import { optionsOf } from "../options.ts"
import { putIntoReport } from "../report.ts"
import { api } from "./api.ts"
import { dashboard } from "./dashboard.ts"
import { type Figure, isMet, markdownTable, tableHead, tableOf } from "./figure.ts"
import { growth } from "./growth.ts"
import { hold } from "./hold.ts"
import { ingest } from "./ingest.ts"
import { schedule } from "./schedule.ts"
import type { Section, SectionOptions } from "./section.ts"
import { standalone } from "./standalone.ts"
import { startUp } from "./startUp.ts"
import { statusPage } from "./statusPage.ts"
import { worker } from "./worker.ts"

const sections: ReadonlyArray<Section> = [
  worker,
  ingest,
  schedule,
  hold,
  growth,
  api,
  startUp,
  standalone,
  dashboard,
  statusPage,
]

const values = optionsOf(import.meta.url, {
  only: { type: "string" },
  quick: { type: "boolean", default: false },
  rounds: { type: "string" },
  minutes: { type: "string" },
  out: { type: "string" },
  report: { type: "string" },
})

const options: SectionOptions = {
  quick: values.quick,
  rounds: Number(values.rounds ?? (values.quick ? 1 : 3)),
  minutes: Number(values.minutes ?? (values.quick ? 0.1 : 10)),
}

const wanted = values.only?.split(",") ?? sections.map(({ name }) => name)
const unknown = wanted.filter((name) => !sections.some((section) => section.name === name))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(", ")}, only ${sections.map(({ name }) => name).join(", ")}.`)
  process.exit(1)
}

interface Ran {
  readonly name: string
  readonly seconds: number
  readonly figures: ReadonlyArray<Figure>
  /** Why there are no figures. */
  readonly failure: string | null
}

/** One section; one that fails leaves the others their turn. */
const ran = Effect.fnUntraced(function* ({ name, run }: Section): Effect.fn.Return<Ran> {
  yield* Console.error(`${name} …`)
  const began = yield* Clock.currentTimeMillis
  const exit = yield* Effect.exit(run(options))
  const seconds = ((yield* Clock.currentTimeMillis) - began) / 1000
  yield* Console.error(`${name}: ${seconds.toFixed(0)} s`)
  return Exit.match(exit, {
    onSuccess: (figures) => ({ name, seconds, figures, failure: null }),
    onFailure: (cause) => ({ name, seconds, figures: [], failure: Cause.pretty(cause) }),
  })
})

const textOf = ({ failure, figures, name, seconds }: Ran): string =>
  [`${name} (${seconds.toFixed(0)} s)`, failure ?? tableOf(figures)].join("\n")

const machine = {
  processors: cpus().length,
  processor: cpus()[0]?.model ?? "unknown",
  memoryBytes: totalmem(),
  node: process.version,
}

/** Writes what there is so far: a run of hours that is ended early is not for nothing. */
const save = (all: ReadonlyArray<Ran>): Effect.Effect<void> => {
  const { out } = values
  if (out === undefined) return Effect.void
  const written = JSON.stringify({ at: new Date(), machine, options, sections: all }, null, 2)
  return Effect.promise(() => writeFile(out, `${written}\n`))
}

/** Puts a section that was measured into its place in the document. */
const report = ({ failure, figures, name, seconds }: Ran): Effect.Effect<void> => {
  const { report: path } = values
  if (path === undefined || failure !== null) return Effect.void
  return Effect.flatMap(DateTime.now, (now) =>
    putIntoReport(
      path,
      `bench ${name}`,
      () =>
        `${markdownTable(figures)}\n\n${DateTime.formatIsoDate(now)}, in ${seconds.toFixed(0)} s; median of ${options.rounds}.`,
    ),
  )
}

await Effect.runPromise(
  Effect.gen(function* () {
    const all: Array<Ran> = []
    for (const section of sections.filter(({ name }) => wanted.includes(name))) {
      const measured = yield* ran(section)
      all.push(measured)
      yield* save(all)
      yield* report(measured)
    }
    yield* Console.log([tableHead, ...all.map(textOf)].join("\n\n"))
    const missed = all.flatMap(({ figures }) => figures).filter((line) => !isMet(line)).length
    const failed = all.filter(({ failure }) => failure !== null).length
    yield* Console.log(`\n${missed} over budget, ${failed} sections failed${options.quick ? ", in small" : ""}`)
    if (failed > 0) process.exitCode = 1
  }),
)
