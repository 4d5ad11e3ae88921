import { hostname } from "node:os"
import { Effect, Random } from "effect"

/**
 * A name for one life of a process in its group: host, process id and a random part, since a container's process is often
 * number 1 on a host of the same name as the one before.
 */
export const consumerName: Effect.Effect<string> = Effect.map(
  Random.nextIntBetween(0, 36 ** 6),
  (boot) => `${hostname().slice(0, 100)}-${process.pid}-${boot.toString(36).padStart(6, "0")}`,
)
