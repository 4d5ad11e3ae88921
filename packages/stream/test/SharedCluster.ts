import { type RedisCluster, startRedisCluster } from "@uptime/testing/RedisCluster"
import type { ServerError } from "@uptime/testing/ServerProcess"
import { Effect, RcRef, Scope } from "effect"

const shared = Effect.runSync(
  Effect.flatMap(Scope.make(), (scope) =>
    Scope.extend(RcRef.make({ acquire: startRedisCluster(), idleTimeToLive: "2 seconds" }), scope),
  ),
)

/** A cluster that the tests of one file share: started by the first that asks, stopped after the last. None may harm it. */
export const sharedCluster: Effect.Effect<RedisCluster, ServerError, Scope.Scope> = RcRef.get(shared)
