import * as Net from "node:net"
import { Deferred, Effect, type Scope } from "effect"

/** A link to a server that a test may break. */
export interface TcpProxy {
  readonly port: number
  /** Resets all connections; new ones are let through. */
  readonly cut: Effect.Effect<void>
  /** From now on nothing passes on any connection, in either direction, though all stay open. */
  readonly blackHole: Effect.Effect<void>
  /** Resets all connections and stops listening: new ones are refused. */
  readonly refuse: Effect.Effect<void>
  /** From now on everything takes so many milliseconds longer in each direction, and up to `jitterMs` more, in order. */
  readonly delay: (ms: number, jitterMs?: number) => Effect.Effect<void>
  /** From now on no more than so many bytes a second pass on a connection, in each direction. */
  readonly throttle: (bytesPerSecond: number) => Effect.Effect<void>
  /** Swallows the answer to the next command whose text holds `pattern`, and resets that connection. */
  readonly loseAnswerTo: (pattern: string) => Effect.Effect<void>
  /**
   * Completes when the server has answered the next command whose text holds `pattern`: from then on its connection is in a
   * black hole, and nobody knows. Armed at once, whoever waits.
   */
  readonly holdAnswerTo: (pattern: string) => Effect.Effect<Effect.Effect<void>>
  /** Resets the connection on which the answers of all, counted from now, come to so many bytes; those before it pass. */
  readonly cutAfter: (bytes: number) => Effect.Effect<void>
  /** Undoes all of these. What is connected from now on passes; what was connected in the black hole stays in it. */
  readonly heal: Effect.Effect<void>
}

/** One direction of a connection, in which nothing overtakes anything. */
interface Lane {
  readonly to: Net.Socket
  /** When the last of what was sent will have arrived, in milliseconds of `performance.now()`. */
  arrival: number
  /** What is on its way, and when it arrives. */
  readonly underWay: Array<{ readonly at: number; readonly act: () => void }>
}

/** Does what is due on a lane, in order, and comes back for the rest: two timers of one instant may end in any order. */
const arrive = (lane: Lane): void => {
  while ((lane.underWay[0]?.at ?? Number.POSITIVE_INFINITY) <= performance.now()) lane.underWay.shift()?.act()
  const [next] = lane.underWay
  if (next !== undefined) setTimeout(() => arrive(lane), Math.max(1, next.at - performance.now()))
}

interface Link {
  readonly client: Net.Socket
  readonly server: Net.Socket
  silent: boolean
  /** What becomes of the server's next answer, and of the connection with it. */
  onAnswer: (() => void) | null
}

/** A command that is waited for: what its answer does is decided when it comes. */
interface Trap {
  readonly pattern: string
  readonly onAnswer: (link: Link) => void
}

/**
 * A proxy on 127.0.0.1 to a port there.
 *
 * @param random where jitter comes from: numbers from 0 to below 1
 */
export const make = Effect.fnUntraced(function* (
  target: number,
  random: () => number = Math.random,
): Effect.fn.Return<TcpProxy, never, Scope.Scope> {
  const links = new Set<Link>()
  let silent = false
  let trap: Trap | null = null
  let bytesLeft = Number.POSITIVE_INFINITY
  let delayMs = 0
  let jitterMs = 0
  let bytesPerMs = Number.POSITIVE_INFINITY

  const reset = (link: Link) => {
    links.delete(link)
    link.client.resetAndDestroy()
    link.server.resetAndDestroy()
  }
  const resetAll = () => {
    for (const link of [...links]) reset(link)
  }

  /** Does something when all that went before on a lane has arrived, and what a delay adds is over. */
  const after = (lane: Lane, bytes: number, act: () => void) => {
    const now = performance.now()
    const extra = delayMs + random() * jitterMs
    lane.arrival = Math.max(lane.arrival, now + extra) + bytes / bytesPerMs
    if (lane.arrival <= now && lane.underWay.length === 0) return act()
    lane.underWay.push({ at: lane.arrival, act })
    if (lane.underWay.length === 1) arrive(lane)
  }

  const send = (lane: Lane, data: Buffer) =>
    after(lane, data.length, () => {
      if (!lane.to.destroyed) lane.to.write(data)
    })

  const accept = (client: Net.Socket) => {
    const server = Net.connect({ port: target, host: "127.0.0.1" })
    const link: Link = { client, server, silent, onAnswer: null }
    const up: Lane = { to: server, arrival: 0, underWay: [] }
    const down: Lane = { to: client, arrival: 0, underWay: [] }
    links.add(link)
    client.on("data", (data) => {
      if (link.silent) return
      if (trap !== null && data.toString("latin1").toLowerCase().includes(trap.pattern)) {
        const { onAnswer } = trap
        trap = null
        link.onAnswer = () => onAnswer(link)
      }
      send(up, data)
    })
    server.on("data", (data) => {
      if (link.silent) return
      if (link.onAnswer !== null) return link.onAnswer()
      if (data.length < bytesLeft) {
        bytesLeft -= data.length
        return send(down, data)
      }
      client.write(data.subarray(0, bytesLeft), () => reset(link))
      bytesLeft = Number.POSITIVE_INFINITY
    })
    for (const [from, lane] of [
      [client, up],
      [server, down],
    ] as const) {
      from.on("error", () => {})
      from.on("close", () => {
        // The other side learns nothing through a black hole, and is there until it goes or is reset.
        if (!link.silent) after(lane, 0, () => lane.to.destroy())
        if (!link.silent || lane.to.destroyed) links.delete(link)
      })
    }
  }

  const listener = Net.createServer(accept)
  const listen = (port: number) =>
    Effect.async<void>((resume) => {
      if (listener.listening) return resume(Effect.void)
      const refused = (error: Error) => resume(Effect.die(error))
      listener.once("error", refused)
      listener.listen({ port, host: "127.0.0.1" }, () => {
        listener.off("error", refused)
        resume(Effect.void)
      })
    })
  const close = Effect.async<void>((resume) => {
    if (listener.listening) listener.close(() => resume(Effect.void))
    else resume(Effect.void)
    resetAll()
  })
  yield* Effect.acquireRelease(listen(0), () => close)
  const address = listener.address()
  const port = typeof address === "object" && address !== null ? address.port : 0

  return {
    port,
    cut: Effect.sync(resetAll),
    blackHole: Effect.sync(() => {
      silent = true
      for (const link of links) link.silent = true
    }),
    refuse: close,
    delay: (ms, jitter = 0) =>
      Effect.sync(() => {
        delayMs = ms
        jitterMs = jitter
      }),
    throttle: (bytesPerSecond) =>
      Effect.sync(() => {
        bytesPerMs = bytesPerSecond / 1000
      }),
    loseAnswerTo: (pattern) =>
      Effect.sync(() => {
        trap = { pattern: pattern.toLowerCase(), onAnswer: reset }
      }),
    holdAnswerTo: (pattern) =>
      Effect.map(Deferred.make<void>(), (held) => {
        trap = {
          pattern: pattern.toLowerCase(),
          onAnswer: (link) => {
            link.silent = true
            Deferred.unsafeDone(held, Effect.void)
          },
        }
        return Deferred.await(held)
      }),
    cutAfter: (bytes) =>
      Effect.sync(() => {
        bytesLeft = bytes
      }),
    heal: Effect.suspend(() => {
      silent = false
      trap = null
      bytesLeft = Number.POSITIVE_INFINITY
      delayMs = 0
      jitterMs = 0
      bytesPerMs = Number.POSITIVE_INFINITY
      return listen(port)
    }),
  }
})
