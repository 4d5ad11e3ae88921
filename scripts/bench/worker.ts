import { Effect } from "effect"
import { type Figure, figure, median } from "./figure.ts"
import type { Section } from "./section.ts"
import { measureWorker, type Round } from "./workerRounds.ts"

const figuresOf = (rounds: ReadonlyArray<Round>): ReadonlyArray<Figure> => {
  const of = (what: (round: Round) => number) => median(rounds.map(what))
  const isBeside = rounds.every(({ exporter }) => exporter !== null)
  return (["http", "https"] as const).flatMap((scheme): ReadonlyArray<Figure> => {
    const check = (round: Round) => round[scheme].check
    const bare = (round: Round) => round[scheme].bare
    const exporter = (round: Round) => round.exporter?.[scheme] ?? 0
    return [
      figure(`${scheme}: worker, per check`, of(check), "µs", { floor: of(bare) }),
      figure(
        `${scheme}: worker / bare node:${scheme === "http" ? "net" : "tls"}`,
        of((round) => check(round) / bare(round)),
        "×",
        { budget: scheme === "http" ? 2 : null },
      ),
      ...(isBeside
        ? [
            figure(`${scheme}: blackbox_exporter, per probe`, of(exporter), "µs"),
            figure(
              `${scheme}: worker / blackbox_exporter`,
              of((round) => check(round) / exporter(round)),
              "×",
              // A handshake alone costs node:tls nearly what it costs the exporter.
              { budget: scheme === "http" ? 1 / 3 : null },
            ),
          ]
        : []),
    ]
  })
}

/**
 * The processor time of a worker per check, whole loop (read, probe on a new connection, bulk insert, acknowledge), beside a
 * bare request to the same target in the same round, plain and over TLS, and beside a probe of `prometheus-blackbox-exporter`
 * where that is installed.
 */
export const worker: Section = {
  name: "worker",
  run: (options) => Effect.map(measureWorker(options), figuresOf),
}
