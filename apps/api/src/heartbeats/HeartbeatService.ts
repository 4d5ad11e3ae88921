import { HeartbeatAddressTaken, NotFound, ServiceUnavailable, type TooManyRequests } from "@uptime/contract/ApiErrors"
import type { HeartbeatView } from "@uptime/contract/HeartbeatsApi"
import type { Heartbeat, HeartbeatAddresses } from "@uptime/domain/Heartbeat"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { Heartbeats } from "@uptime/persistence/Heartbeats"
import { Monitors } from "@uptime/persistence/Monitors"
import { Context, Effect, Layer } from "effect"
import { RateLimits, type RateRule } from "../auth/RateLimits.ts"
import { ownedCalls } from "../OwnedCall.ts"
import { storeCall } from "../StoreCall.ts"

/** A person's heartbeats. Every method sees those of `userId` alone; a monitor of another kind is none. */
export class HeartbeatService extends Context.Tag("@uptime/api/HeartbeatService")<
  HeartbeatService,
  {
    /**
     * A heartbeat with its addresses and newest pings.
     *
     * @param origin where the installation is, without a slash at its end
     */
    readonly get: (
      userId: UserId,
      id: MonitorId,
      origin: string,
    ) => Effect.Effect<HeartbeatView, NotFound | ServiceUnavailable>
    /** Gives it addresses that its job knows; those that they replace are worthless at once. */
    readonly setAddresses: (
      userId: UserId,
      id: MonitorId,
      addresses: HeartbeatAddresses,
      origin: string,
    ) => Effect.Effect<HeartbeatView, NotFound | HeartbeatAddressTaken | TooManyRequests | ServiceUnavailable>
    /** Gives it new addresses; the old ones are worthless at once. */
    readonly rotate: (
      userId: UserId,
      id: MonitorId,
      origin: string,
    ) => Effect.Effect<HeartbeatView, NotFound | ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

/** How often an account may give addresses: enough for a move with all its jobs, too little to guess those of others by. */
const addressRule: RateRule = { name: "heartbeat-addresses", limit: 1_000, windowMs: 3_600_000 }

const make = Effect.gen(function* () {
  const heartbeats = yield* Heartbeats
  const monitors = yield* Monitors
  const limits = yield* RateLimits

  const find = (userId: UserId, id: MonitorId) =>
    Effect.catchTag(storeCall(heartbeats.get(userId, id)), "MonitorNotFound", () => made(userId, id))

  /** A heartbeat that is so new that its addresses are not there yet: they are made now. */
  const made = Effect.fnUntraced(function* (userId: UserId, id: MonitorId) {
    const monitor = yield* owned(monitors.get(userId, id))
    if (monitor.kind !== "heartbeat") return yield* NotFound.of("heartbeat")
    yield* storeCall(heartbeats.plan)
    return yield* Effect.catchTag(storeCall(heartbeats.get(userId, id)), "MonitorNotFound", () =>
      ServiceUnavailable.after(1),
    )
  })

  return HeartbeatService.of({
    get: Effect.fn("HeartbeatService.get")((userId, id, origin) => Effect.map(find(userId, id), viewAt(origin))),

    setAddresses: Effect.fn("HeartbeatService.setAddresses")(function* (userId, id, addresses, origin) {
      yield* find(userId, id)
      yield* limits.consume([{ rule: addressRule, subject: userId }])
      yield* Effect.catchTag(owned(heartbeats.setAddresses(userId, id, addresses)), "AddressTaken", ({ field }) =>
        HeartbeatAddressTaken.of(field),
      )
      return yield* Effect.map(find(userId, id), viewAt(origin))
    }),

    rotate: Effect.fn("HeartbeatService.rotate")(function* (userId, id, origin) {
      yield* find(userId, id)
      yield* owned(heartbeats.rotate(userId, id))
      return yield* Effect.map(find(userId, id), viewAt(origin))
    }),
  })
})

/** Calls that name a monitor whose heartbeat is asked for. */
const owned = ownedCalls("MonitorNotFound", "heartbeat")

const viewAt =
  (origin: string) =>
  (heartbeat: Heartbeat): HeartbeatView => ({
    ...heartbeat,
    pushUrl: `${origin}/api/push/${heartbeat.token}`,
    pingUrl: `${origin}/ping/${heartbeat.pingId}`,
  })
