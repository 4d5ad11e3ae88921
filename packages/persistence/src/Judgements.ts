import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { IncidentId, type MonitorId, type UserId } from "@uptime/domain/Ids"
import type { Decision } from "@uptime/incidents/Decision"
import { judge } from "@uptime/incidents/Judge"
import { Context, Effect, Layer, Ref } from "effect"
import { writeDecisions } from "./DecisionWrites.ts"
import { markJudged, readChanges, waitingOwners } from "./JudgedChanges.ts"
import { forgetRequests, readRequests } from "./JudgeRequests.ts"
import { tryOwnerLock } from "./OwnerLock.ts"
import { failAs, transaction } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"
import { readWorld } from "./WorldReads.ts"

/** What one judgement of one owner came to. */
export interface Judgement {
  readonly userId: UserId
  /** The monitors that were judged or have another overlay now, and the incidents of which something was decided. */
  readonly monitorIds: ReadonlyArray<MonitorId>
  readonly incidentIds: ReadonlyArray<IncidentId>
  /** Changes of status that were judged; 0 where it was looked at because its time had come, or somebody asked. */
  readonly changes: number
  readonly opened: number
  readonly resolved: number
  /** Messages that were decided on. */
  readonly told: number
}

/** How far the judge is. */
export interface JudgeState {
  /** For how long the oldest change has waited, in milliseconds; 0 when none waits. */
  readonly lagMs: number
  readonly openIncidents: number
}

/**
 * The judge (`docs/incidents.md`). Any number of processes may judge at once: an owner is judged by one of them at a time,
 * under an advisory lock that ends with the transaction.
 */
export class Judgements extends Context.Tag("@uptime/persistence/Judgements")<
  Judgements,
  {
    /**
     * Judges one owner: at most 1,000 of the changes of its monitors' status that nobody has judged, oldest first, what the
     * judge was asked to look at, and its incidents whose time has come. Reads the owner's world, decides, and writes the decisions and that these changes are
     * judged, in one transaction: a crash anywhere leaves nothing, and the next one decides the same.
     *
     * Owners take turns: those that wait are each judged once, the longest waiting first, before one of them is again. One
     * that another process is at is passed over.
     *
     * @returns null when nothing waits
     */
    readonly judgeNext: Effect.Effect<Judgement | null, StoreError>
    /** How far the judge is, over all owners. */
    readonly state: Effect.Effect<JudgeState, StoreError>
  }
>() {
  /** The judge of a database. */
  static readonly layer: Layer.Layer<Judgements, never, SqlClient> = Layer.effect(
    Judgements,
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const turns = yield* Ref.make<ReadonlyArray<UserId>>([])
      const nextOwner = Ref.modify(turns, ([first, ...rest]) => [first ?? null, rest])
      const judgeTurns = Effect.gen(function* () {
        for (let owner = yield* nextOwner; owner !== null; owner = yield* nextOwner) {
          const judgement = yield* judgeOwner(sql, owner)
          if (judgement !== null) return judgement
        }
        return null
      })
      return Judgements.of({
        judgeNext: Effect.gen(function* () {
          const judgement = yield* judgeTurns
          if (judgement !== null) return judgement
          yield* Ref.set(turns, yield* failAs("Judgements.judgeNext")(waitingOwners(sql)))
          return yield* judgeTurns
        }).pipe(Effect.withTracerEnabled(false)),

        state: Effect.gen(function* () {
          const [row] = yield* sql<JudgeState>`
            SELECT coalesce((
                SELECT greatest(0, date_part('epoch', clock_timestamp() - noticed_at) * 1000)
                FROM status_changes WHERE NOT judged ORDER BY id LIMIT 1
              ), 0) AS "lagMs",
              (SELECT count(*)::int FROM incidents WHERE resolved_at IS NULL) AS "openIncidents"`
          return row ?? { lagMs: 0, openIncidents: 0 }
        }).pipe(failAs("Judgements.state"), Effect.withTracerEnabled(false)),
      })
    }),
  )
}

/** One judgement of an owner; null when there is nothing to judge, or another process is at it. */
const judgeOwner = (sql: SqlClient, userId: UserId): Effect.Effect<Judgement | null, StoreError> =>
  Effect.gen(function* () {
    const now = yield* tryOwnerLock(sql, userId)
    if (now === null) return null
    const changes = yield* readChanges(sql, userId)
    const changed = [...new Set(changes.map(({ monitorId }) => monitorId))]
    const requests = yield* readRequests(sql, userId)
    const asked = requests.flatMap(({ monitorId }) => monitorId ?? [])
    const world = yield* readWorld(sql, userId, now, [...changed, ...asked])
    const isDue = world.incidents.some(({ lookAgainAt }) => lookAgainAt !== null && lookAgainAt <= now)
    if (changes.length === 0 && requests.length === 0 && !isDue) return null
    const decisions = yield* Effect.sync(() => judge(world, changes, () => IncidentId.make(randomUUID())))
    yield* writeDecisions(sql, userId, world, changes, decisions)
    if (changes.length > 0) yield* markJudged(sql, changes)
    if (requests.length > 0) yield* forgetRequests(sql, requests)
    const count = (tag: (typeof decisions)[number]["_tag"]) => decisions.filter(({ _tag }) => _tag === tag).length
    return {
      userId,
      monitorIds: [...new Set([...changed, ...decisions.flatMap(overlaid)])],
      incidentIds: [...new Set(decisions.flatMap(decidedOf))],
      changes: changes.length,
      opened: count("Open"),
      resolved: count("Resolve"),
      told: count("Tell"),
    }
  }).pipe(transaction(sql, "Judgements.judgeNext"))

const overlaid = (decision: Decision): ReadonlyArray<MonitorId> =>
  decision._tag === "Overlay" ? [decision.monitorId] : []

const decidedOf = (decision: Decision): ReadonlyArray<IncidentId> =>
  decision._tag === "Open" ? [decision.incident.id] : "incidentId" in decision ? [decision.incidentId] : []
