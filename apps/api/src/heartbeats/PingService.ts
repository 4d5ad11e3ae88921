import { createHash } from "node:crypto"
import type { ServiceUnavailable, TooManyRequests } from "@uptime/contract/ApiErrors"
import { PushToken } from "@uptime/domain/Heartbeat"
import { type Ping, readHealthchecksPing, readKumaPush } from "@uptime/incidents/HeartbeatPing"
import { Heartbeats, type PingKey } from "@uptime/persistence/Heartbeats"
import { supervised } from "@uptime/runtime/Supervised"
import { Context, Effect, Layer, Schema } from "effect"
import { RateLimits, type RateRule } from "../auth/RateLimits.ts"
import { clientNetwork } from "../http/ClientAddress.ts"
import { storeCall } from "../StoreCall.ts"

/** How often one heartbeat may be pinged, and how often one network may ping, which many jobs may be behind. */
export const pingRules = {
  token: { name: "ping-token", limit: 120, windowMs: 60_000 },
  address: { name: "ping-address", limit: 6_000, windowMs: 60_000 },
} as const satisfies Record<string, RateRule>

/**
 * Whether a ping was taken: not when nothing has its token or id, or it cannot be one, which is answered alike. Fails where
 * it could not be recorded, so that its sender calls again.
 */
type Taken = Effect.Effect<boolean, TooManyRequests | ServiceUnavailable>

/** What jobs call, noted while it is there. No session is needed: whoever knows a token may ping. */
export class PingService extends Context.Tag("@uptime/api/PingService")<
  PingService,
  {
    /**
     * A push as Uptime Kuma takes it.
     *
     * @param query the parameters; of those that come twice the first counts
     * @param address the sender's
     */
    readonly push: (token: string, query: URLSearchParams, address: string) => Taken
    /**
     * A ping as Healthchecks takes it.
     *
     * @param segments what follows the id in the path
     * @param address the sender's
     */
    readonly ping: (pingId: string, segments: ReadonlyArray<string>, body: Uint8Array, address: string) => Taken
  }
>() {
  static readonly layerNoDeps = Layer.scoped(
    this,
    Effect.suspend(() => make),
  )
}

/** How often it is noted that pings are taken: several times within what counts as a silence, 15 s. */
const attendEvery = "5 seconds"

const isToken = Schema.is(PushToken)
const isPingId = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)

const make = Effect.gen(function* () {
  const heartbeats = yield* Heartbeats
  const limits = yield* RateLimits
  yield* supervised("ping intake", heartbeats.attend, { every: attendEvery, maxBackoff: attendEvery })

  const record = (key: PingKey, name: string, ping: Ping, address: string): Taken =>
    Effect.zipRight(
      limits.consume([
        { rule: pingRules.token, subject: digest(name) },
        { rule: pingRules.address, subject: clientNetwork(address) },
      ]),
      storeCall(heartbeats.record(key, ping)),
    )

  return PingService.of({
    push: (token, query, address) => {
      if (!isToken(token)) return Effect.succeed(false)
      const first = (name: string) => query.get(name) ?? undefined
      const ping = readKumaPush({ status: first("status"), msg: first("msg"), ping: first("ping") })
      return record({ token }, token, ping, address)
    },

    ping: (text, segments, body, address) => {
      const pingId = text.toLowerCase()
      const ping = isPingId(pingId) ? readHealthchecksPing(segments, body) : null
      return ping === null ? Effect.succeed(false) : record({ pingId }, pingId, ping, address)
    },
  })
})

/** A token is a secret: it is counted by its hash. */
const digest = (token: string): string => createHash("sha256").update(token).digest("hex").slice(0, 32)
