import * as Crypto from "node:crypto"
import * as Net from "node:net"
import { Effect } from "effect"

/**
 * A port of 127.0.0.1 that nobody listens on, from 20000 to 31999.
 *
 * Not one that the system picks: those are the range its outgoing connections take their own ports from, so that a
 * stopped server may find its port taken, or a client that keeps trying may connect to itself.
 */
export const freePort: Effect.Effect<number> = Effect.suspend(() => {
  const port = 20_000 + Crypto.randomInt(12_000)
  return Effect.flatMap(isFree(port), (free) => (free ? Effect.succeed(port) : freePort))
})

const isFree = (port: number) =>
  Effect.async<boolean>((resume) => {
    const server = Net.createServer()
    server.on("error", () => resume(Effect.succeed(false)))
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      server.close(() => resume(Effect.succeed(true)))
    })
  })
