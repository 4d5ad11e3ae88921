import { SqlClient } from "@effect/sql/SqlClient"
import { Context, Effect, Layer } from "effect"
import { failAs } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/** What there is to do, of all that is looked for every second or two and seldom there. */
export interface Waiting {
  /** A change of a monitor's status that nobody has judged, or what the judge was asked to or is to look at (`Judgements`). */
  readonly changes: boolean
  /** A message to a channel that is not sent yet (`Outbox`). */
  readonly messages: boolean
  /** A heartbeat that has no addresses yet, whose plan is not that of its configuration, or whose deadline has passed. */
  readonly heartbeats: boolean
  /** A status page: whether one is to be built is worked out by `PublicPages`. */
  readonly pages: boolean
  /** A message to a subscriber of a status page that is due (`PageOutbox`). */
  readonly notices: boolean
}

/** For how long an answer is good: less than a second, so that who asks every second gets a new one each time. */
const goodFor = "900 millis"

/**
 * Whether there is anything to do, asked of the database once for all who want to know: looking costs a fraction of doing, and
 * one look at five things a fraction of five looks. It is what a process does most of the time on a small installation.
 */
export class WaitingWork extends Context.Tag("@uptime/persistence/WaitingWork")<
  WaitingWork,
  {
    /** What there is to do now, or was at most 0.9 s ago. */
    readonly look: Effect.Effect<Waiting, StoreError>
  }
>() {
  /** What waits in a database. */
  static readonly layer: Layer.Layer<WaitingWork, never, SqlClient> = Layer.effect(
    WaitingWork,
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const look = yield* sql<Waiting>`
        SELECT
          EXISTS (SELECT FROM status_changes WHERE NOT judged)
            OR EXISTS (SELECT FROM judge_requests)
            OR EXISTS (SELECT FROM incidents WHERE look_at <= now()) AS changes,
          EXISTS (SELECT FROM alert_outbox WHERE state = 'pending') AS messages,
          EXISTS (SELECT FROM heartbeats WHERE deadline_at <= now())
            OR EXISTS (
              SELECT FROM monitors LEFT JOIN heartbeats ON monitor_id = id
              WHERE kind = 'heartbeat'
                AND (monitor_id IS NULL OR plan_version <> CASE WHEN enabled THEN config_version ELSE 0 END)
            ) AS heartbeats,
          EXISTS (SELECT FROM status_pages) AS pages,
          EXISTS (SELECT FROM page_outbox WHERE state = 'pending' AND next_attempt_at <= now()) AS notices`.pipe(
        Effect.map(([row]) => row ?? nothing),
        failAs("WaitingWork.look"),
        Effect.withTracerEnabled(false),
        Effect.cachedWithTTL(goodFor),
      )
      return WaitingWork.of({ look })
    }),
  )
}

const nothing: Waiting = { changes: false, messages: false, heartbeats: false, pages: false, notices: false }
