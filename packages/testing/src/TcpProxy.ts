import * as Net from "node:net"
import { Effect, type Scope } from "effect"

/** A link to a server that a test may break. */
export interface TcpProxy {
  readonly port: number
  /** Resets all connections; new ones are let through. */
  readonly cut: Effect.Effect<void>
  /** From now on nothing passes on any connection, in either direction, though all stay open. */
  readonly blackHole: Effect.Effect<void>
  /** What is connected from now on passes again; what was connected in the black hole stays in it. */
  readonly heal: Effect.Effect<void>
  /** Swallows the answer to the next command whose text holds `pattern`, and resets that connection. */
  readonly loseAnswerTo: (pattern: string) => Effect.Effect<void>
}

interface Link {
  readonly client: Net.Socket
  readonly server: Net.Socket
  silent: boolean
  losing: boolean
}

/** A proxy on 127.0.0.1 to a port there. */
export const make = (target: number): Effect.Effect<TcpProxy, never, Scope.Scope> =>
  Effect.gen(function* () {
    const links = new Set<Link>()
    let silent = false
    let toLose: string | null = null

    const reset = (link: Link) => {
      links.delete(link)
      link.client.resetAndDestroy()
      link.server.resetAndDestroy()
    }

    const accept = (client: Net.Socket) => {
      const server = Net.connect({ port: target, host: "127.0.0.1" })
      const link: Link = { client, server, silent, losing: false }
      links.add(link)
      client.on("data", (data) => {
        if (link.silent) return
        if (toLose !== null && data.toString("latin1").toLowerCase().includes(toLose)) {
          toLose = null
          link.losing = true
        }
        server.write(data)
      })
      server.on("data", (data) => {
        if (link.losing) reset(link)
        else if (!link.silent) client.write(data)
      })
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        from.on("error", () => {})
        from.on("close", () => {
          links.delete(link)
          // The other side learns nothing through a black hole.
          if (!link.silent) to.destroy()
        })
      }
    }

    const listener = yield* Effect.acquireRelease(
      Effect.async<Net.Server>((resume) => {
        const started = Net.createServer(accept)
        started.listen({ port: 0, host: "127.0.0.1" }, () => resume(Effect.succeed(started)))
      }),
      (started) =>
        Effect.async<void>((resume) => {
          started.close(() => resume(Effect.void))
          for (const link of [...links]) reset(link)
        }),
    )
    const address = listener.address()

    return {
      port: typeof address === "object" && address !== null ? address.port : 0,
      cut: Effect.sync(() => {
        for (const link of [...links]) reset(link)
      }),
      blackHole: Effect.sync(() => {
        silent = true
        for (const link of links) link.silent = true
      }),
      heal: Effect.sync(() => {
        silent = false
      }),
      loseAnswerTo: (pattern) =>
        Effect.sync(() => {
          toLose = pattern.toLowerCase()
        }),
    }
  })
