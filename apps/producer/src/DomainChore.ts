import { challengeName, isProof } from "@uptime/domain/DomainProof"
import { PageDomains } from "@uptime/persistence/PageDomains"
import { TxtRecords } from "@uptime/prober/TxtRecords"
import { supervised } from "@uptime/runtime/Supervised"
import { Effect, Metric, Option } from "effect"
import * as ProducerMetrics from "./ProducerMetrics.ts"

/** How often host names are looked for whose record is to be looked up. */
const tick = "15 seconds"

/** A database that comes back is used again this soon. */
const maxBackoff = "15 seconds"

/** The most host names of one round, and how many of them are looked up at once. */
const maxOfRound = 100
const maxAtOnce = 10

/** How long a look-up may take, in milliseconds. */
const lookupLimitMs = 5_000

/** The fiber that looks up whether host names of status pages are their owners'. Any number of producers may do this at once. */
export const domainChore = Effect.gen(function* () {
  const domains = yield* PageDomains
  const records = yield* TxtRecords
  const looked = Metric.tagged(ProducerMetrics.choreUnits, "chore", "page domains")

  const lookUp = Effect.gen(function* () {
    const claims = yield* domains.take(maxOfRound)
    yield* Effect.forEach(
      claims,
      (claim) =>
        Effect.flatMap(Effect.option(records.lookup(challengeName(claim.host), lookupLimitMs)), (texts) => {
          // Where no name server answers, nothing is learnt.
          if (Option.isNone(texts)) return Effect.void
          return isProof(texts.value, claim.token) ? domains.proven(claim) : domains.missing(claim)
        }),
      { concurrency: maxAtOnce, discard: true },
    )
    yield* Metric.incrementBy(looked, claims.length)
  })

  yield* supervised("page domains", lookUp, { every: tick, maxBackoff })
})
