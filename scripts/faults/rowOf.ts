import { Effect } from "effect"
import {
  doubledRows,
  executedTwice,
  lostRows,
  neverAsked,
  noDouble,
  noLoss,
  noPhantom,
  phantomRows,
} from "../../packages/testing/src/faults/Accounting.ts"
import {
  falseIncidents,
  missedDowntimes,
  noFalseAlarm,
  noMissedAlarm,
} from "../../packages/testing/src/faults/Alarms.ts"
import { bounded, type Limits, peaks } from "../../packages/testing/src/faults/Bounds.ts"
import { type Breach, breach } from "../../packages/testing/src/faults/Breach.ts"
import { storedBeforeAcknowledged } from "../../packages/testing/src/faults/CommitOrder.ts"
import { distinctMessages, toldOnce } from "../../packages/testing/src/faults/Messages.ts"
import { statesAreReplayed } from "../../packages/testing/src/faults/Replay.ts"
import { noSecret } from "../../packages/testing/src/faults/Secrets.ts"
import { readJournal, workerSteps } from "./Book.ts"
import type { Fault, Row } from "./Fault.ts"
import { incidents, owedMessages, receivedMessages, regionHistories, replay, results, troublesOf } from "./History.ts"
import { type World, worldSecrets } from "./World.ts"

/** What a fault says of itself, beyond what is read from the world. */
export interface Outcome {
  readonly detectMs?: number | null
  readonly takeoverMs?: number | null
  readonly recoverMs?: number | null
  /** Promises of its own that were not kept. */
  readonly breaches?: ReadonlyArray<Breach>
  readonly remarks?: ReadonlyArray<string>
  /** Whether jobs may be lost, and are only counted: where what the stream held was destroyed. */
  readonly mayLose?: boolean
  /** How many requests to targets there may be beyond one per row; any number unless given. */
  readonly twiceAtMost?: number
  /** Entries that may be set aside; none unless given. */
  readonly deadAtMost?: number
  /** How long a target must be down to be noticed for sure, in milliseconds; 60,000 unless given. */
  readonly confirmMs?: number
  /** How long after its slot a check may have been run, in milliseconds: an incident begins at the slot. 0 unless given. */
  readonly lateMs?: number
  /** Monitors whose targets are not on the farm, which cannot say whether they were asked. */
  readonly elsewhere?: ReadonlySet<string>
  /** What may be used at most; see `usualLimits`. */
  readonly limits?: Partial<Limits>
}

/** What a world may use at most, of each process or of all together. */
const usualLimits: Limits = {
  rssBytes: 300 * 1024 * 1024,
  postgresConnections: 60,
  redisConnections: 120,
  streamLength: 200_000,
}

/** A promise of a fault's own: a breach unless it is kept. */
export const expect = (promise: string, isKept: boolean, seen: string): ReadonlyArray<Breach> =>
  isKept ? [] : [{ promise, what: seen }]

/** Holds everything that is known of a world against the invariants, when the fault is over and nothing is under way any more. */
export const rowOf = Effect.fnUntraced(function* (
  fault: Pick<Fault, "id" | "name">,
  world: World,
  outcome: Outcome,
): Effect.fn.Return<Row, unknown> {
  const { book, downtimes, farm, samples, sql, stream } = world
  const journals = world.apps
    .started()
    .flatMap(({ journal, name }) => (journal === null ? [] : [{ name, entries: readJournal(journal) }]))
  const firsts = yield* sql<{ readonly id: string; readonly at: number }>`
      SELECT id, date_part('epoch', created_at) * 1000 AS at FROM monitors`
  // The first job of a new monitor is the api's, which keeps no journal.
  book.attempt(firsts.map(({ at, id }) => `${id}@${Math.round(at)}`))
  for (const { keys, step } of journals.flatMap(({ entries }) => entries)) {
    if (step === "publishing") book.attempt(keys)
    if (step === "published") book.schedule(keys)
  }

  const stored = yield* results(world)
  const hits = new Map([...(yield* farm.jobHits)].map(([job, at]) => [job, at.length]))
  const opened = yield* incidents(world)
  const received = yield* receivedMessages(world)
  const owed = yield* owedMessages(world)
  const groups = yield* stream.groups(world.regions)
  const histories = yield* regionHistories(world, stored, yield* world.now)
  const logs = yield* Effect.forEach(world.apps.started(), ({ name, output }) =>
    Effect.map(output, (text) => ({ process: name, text })),
  )

  const setAside = new Set(
    journals.flatMap(({ entries }) => entries.flatMap(({ keys, step }) => (step === "setAside" ? keys : []))),
  )
  const lost = lostRows(book.scheduled, stored, setAside)
  const phantom = phantomRows(book.attempted, stored)
  const doubled = doubledRows(stored)
  const twice = [...executedTwice(hits, stored).values()].reduce((sum, count) => sum + count, 0)
  const onFarm = stored.filter(({ monitorId }) => outcome.elsewhere?.has(monitorId) !== true)
  const dead = groups.reduce((sum, group) => sum + group.dead, 0)
  const lateMs = outcome.lateMs ?? 0
  const wrong = falseIncidents(
    downtimes.map((downtime) => ({ ...downtime, from: downtime.from - lateMs })),
    opened,
  )
  const missed = missedDowntimes(downtimes, opened, outcome.confirmMs ?? 60_000)
  // It looks four times a second and waits a second for an answer: targets and proxies are in the same process.
  const heldUpMs = longestGap(samples.backlogs.map(({ at }) => at))
  const troubles = troublesOf(stored)
  const peak = peaks(samples.usages)
  const limits = { ...usualLimits, ...outcome.limits }
  const largest = samples.largest()
  const sinceFirst = (at: number): string => ((at - (samples.backlogs[0]?.at ?? at)) / 1000).toFixed(0)
  const { deadAtMost = 0, mayLose = false, twiceAtMost = Number.POSITIVE_INFINITY } = outcome

  return {
    id: fault.id,
    name: fault.name,
    seed: world.plan.seed,
    scheduled: book.scheduled.size,
    stored: stored.length,
    lost: lost.length,
    doubled: doubled.length,
    phantom: phantom.length,
    executedTwice: twice,
    expired: stored.filter(({ isExpired }) => isExpired).length,
    dead,
    falseIncidents: wrong.length,
    missedIncidents: missed.length,
    messages: received.length,
    distinctMessages: distinctMessages(received),
    detectMs: outcome.detectMs ?? null,
    takeoverMs: outcome.takeoverMs ?? null,
    recoverMs: outcome.recoverMs ?? null,
    peakRss: peak.rssBytes,
    postgresConnections: peak.postgresConnections,
    redisConnections: peak.redisConnections,
    breaches: [
      ...(mayLose ? [] : noLoss(lost)),
      ...noPhantom(phantom),
      ...noDouble(doubled),
      ...breach("I3 executed", "checked without a request to the target", neverAsked(hits, onFarm)),
      ...expect("I3 executed", twice <= twiceAtMost, `${twice} requests beyond one per row, not ${twiceAtMost}`),
      ...expect("no job is given up", dead <= deadAtMost, `${dead} entries set aside, not ${deadAtMost}`),
      ...storedBeforeAcknowledged(journals.flatMap(({ entries, name }) => workerSteps(name, entries))),
      ...statesAreReplayed(histories, replay),
      ...toldOnce(owed, received),
      ...bounded(samples.usages, limits),
      ...noFalseAlarm(wrong),
      ...noMissedAlarm(missed),
      ...noSecret(logs, worldSecrets),
      ...(outcome.breaches ?? []),
    ],
    remarks: [
      ...(outcome.remarks ?? []),
      ...(heldUpMs > 2_500 ? [`the machine held the harness itself up for ${(heldUpMs / 1000).toFixed(1)} s`] : []),
      ...(largest !== null && largest.rssBytes > limits.rssBytes
        ? [
            `${largest.name} had ${(largest.rssBytes / 2 ** 20).toFixed(0)} MB in use, ${sinceFirst(largest.at)} s after the first look`,
          ]
        : []),
      ...(troubles.length === 0 ? [] : [`results other than Up: ${troubles.join(", ")}`]),
    ],
  }
})

/** The longest time between two instants that follow each other; 0 of fewer than two. */
const longestGap = (instants: ReadonlyArray<number>): number =>
  instants.reduce((longest, at, i) => Math.max(longest, at - (instants[i - 1] ?? at)), 0)

/** The row of a fault that came to no end of its own. */
export const failedRow = (fault: Pick<Fault, "id" | "name">, seed: number, reason: string): Row => ({
  id: fault.id,
  name: fault.name,
  seed,
  scheduled: 0,
  stored: 0,
  lost: 0,
  doubled: 0,
  phantom: 0,
  executedTwice: 0,
  expired: 0,
  dead: 0,
  falseIncidents: 0,
  missedIncidents: 0,
  messages: 0,
  distinctMessages: 0,
  detectMs: null,
  takeoverMs: null,
  recoverMs: null,
  peakRss: null,
  postgresConnections: null,
  redisConnections: null,
  breaches: [{ promise: "the fault comes to its end", what: reason }],
  remarks: [],
})
