import { randomBytes, randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorNotFound } from "@uptime/domain/Errors"
import type { Heartbeat, HeartbeatAddresses } from "@uptime/domain/Heartbeat"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Ping } from "@uptime/incidents/HeartbeatPing"
import { Context, Effect, Layer } from "effect"
import { type AddressTaken, writeAddresses } from "./HeartbeatAddresses.ts"
import { planHeartbeats, storeMissed } from "./HeartbeatDeadlines.ts"
import { readHeartbeat } from "./HeartbeatReads.ts"
import { recordPing } from "./HeartbeatRecord.ts"
import { notePingIntake } from "./PingIntake.ts"
import { ResultStore } from "./ResultStore.ts"
import { failAs, transaction } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/** How a ping says whose it is: by the token of its push URL, or by the id of its ping URL. */
export type PingKey = { readonly token: string } | { readonly pingId: string }

/** The heartbeats: monitors that check nothing and are told. Their results have the location `push`. */
export class Heartbeats extends Context.Tag("@uptime/persistence/Heartbeats")<
  Heartbeats,
  {
    /** A heartbeat with its newest pings. A monitor of another kind has none. */
    readonly get: (userId: UserId, monitorId: MonitorId) => Effect.Effect<Heartbeat, MonitorNotFound | StoreError>
    /**
     * Gives a heartbeat the token, the id or both that its job knows; those that they replace are worthless from then on.
     * Fails where another heartbeat, of anybody's, has one of them.
     */
    readonly setAddresses: (
      userId: UserId,
      monitorId: MonitorId,
      addresses: HeartbeatAddresses,
    ) => Effect.Effect<void, MonitorNotFound | AddressTaken | StoreError>
    /** Gives a heartbeat new addresses; the old ones are worthless from then on. */
    readonly rotate: (userId: UserId, monitorId: MonitorId) => Effect.Effect<void, MonitorNotFound | StoreError>
    /**
     * Records a ping, and stores its result in the same transaction: a success is `Up`, a failure `Down`, each with the run
     * time as response time. Of a monitor that is turned off it is only kept.
     *
     * @returns whether anything has that key
     */
    readonly record: (key: PingKey, ping: Ping) => Effect.Effect<boolean, StoreError>
    /**
     * Makes what new heartbeats need, and computes deadlines anew of those whose configuration changed, or that were turned
     * on; those that are off expect nothing. How many.
     */
    readonly plan: Effect.Effect<number, StoreError>
    /**
     * Notes that pings are taken, which who takes them does every few seconds. After 15 s in which nobody did, heartbeats that
     * were expected meanwhile are expected anew from now on; how many.
     */
    readonly attend: Effect.Effect<number, StoreError>
    /** Stores a `Down` for heartbeats whose deadline has passed, once per deadline, while pings are taken; how many. */
    readonly missed: Effect.Effect<number, StoreError>
  }
>() {
  /** The heartbeats of a database. */
  static readonly layer: Layer.Layer<Heartbeats, never, SqlClient | ResultStore> = Layer.effect(
    Heartbeats,
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const store = yield* ResultStore
      return Heartbeats.of({
        get: Effect.fn("Heartbeats.get")(
          (userId, monitorId) => readHeartbeat(sql, userId, monitorId),
          failAs("Heartbeats.get"),
        ),
        setAddresses: Effect.fn("Heartbeats.setAddresses")(
          (userId, monitorId, addresses) => writeAddresses(sql, userId, monitorId, addresses),
          failAs("Heartbeats.setAddresses"),
        ),
        rotate: Effect.fn("Heartbeats.rotate")(
          (userId, monitorId) =>
            Effect.catchTag(writeAddresses(sql, userId, monitorId, newAddresses()), "AddressTaken", Effect.die),
          failAs("Heartbeats.rotate"),
        ),
        record: (key, ping) => recordPing(sql, store, key, ping).pipe(transaction(sql, "Heartbeats.record")),
        plan: planHeartbeats(sql, newAddresses).pipe(
          transaction(sql, "Heartbeats.plan"),
          Effect.withTracerEnabled(false),
        ),
        attend: notePingIntake(sql).pipe(failAs("Heartbeats.attend"), Effect.withTracerEnabled(false)),
        missed: storeMissed(sql, store).pipe(transaction(sql, "Heartbeats.missed"), Effect.withTracerEnabled(false)),
      })
    }),
  )
}

/** Two addresses that nobody guesses: 32 characters that need no escape in a URL, and a UUID. */
const newAddresses = () => ({ token: randomBytes(24).toString("base64url"), pingId: randomUUID() })
