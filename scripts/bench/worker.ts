/**
 * `npm run bench [-- --out FILE] [--rounds 5]`: the processor time of a worker per check, whole loop (read, probe on a new
 * connection, bulk insert, acknowledge), beside a bare request to the same target in the same round, plain and over TLS, and
 * beside a probe of `prometheus-blackbox-exporter` where that is installed. Each figure is the median of the rounds; `--out`
 * names a file for the same as JSON. Linux only: it reads /proc.
 */
import { writeFile } from "node:fs/promises"
import { parseArgs } from "node:util"
import { Console, Effect } from "effect"
import { type Figure, median, tableOf } from "./figure.ts"
import { measureWorker, type Round } from "./workerRounds.ts"

const { values } = parseArgs({ options: { out: { type: "string" }, rounds: { type: "string", default: "5" } } })

const figuresOf = (rounds: ReadonlyArray<Round>): ReadonlyArray<Figure> => {
  const of = (what: (round: Round) => number) => median(rounds.map(what))
  const isBeside = rounds.every(({ exporter }) => exporter !== null)
  return (["http", "https"] as const).flatMap((scheme): ReadonlyArray<Figure> => {
    const check = (round: Round) => round[scheme].check
    const bare = (round: Round) => round[scheme].bare
    const exporter = (round: Round) => round.exporter?.[scheme] ?? 0
    return [
      { name: `${scheme}: worker, per check`, value: of(check), unit: "µs", budget: null },
      {
        name: `${scheme}: bare node:${scheme === "http" ? "net" : "tls"}, per request`,
        value: of(bare),
        unit: "µs",
        budget: null,
      },
      {
        name: `${scheme}: worker / bare`,
        value: of((round) => check(round) / bare(round)),
        unit: "×",
        budget: scheme === "http" ? 2 : null,
      },
      ...(isBeside
        ? ([
            { name: `${scheme}: blackbox_exporter, per probe`, value: of(exporter), unit: "µs", budget: null },
            {
              name: `${scheme}: worker / blackbox_exporter`,
              value: of((round) => check(round) / exporter(round)),
              unit: "×",
              // A handshake alone costs node:tls nearly what it costs the exporter.
              budget: scheme === "http" ? 1 / 3 : null,
            },
          ] as const)
        : []),
    ]
  })
}

await Effect.runPromise(
  Effect.gen(function* () {
    const rounds = yield* measureWorker(Number(values.rounds))
    const figures = figuresOf(rounds)
    yield* Console.log(tableOf(figures))
    const { out } = values
    if (out !== undefined) {
      yield* Effect.promise(() => writeFile(out, `${JSON.stringify({ figures, rounds }, null, 2)}\n`))
    }
  }).pipe(Effect.scoped),
)
