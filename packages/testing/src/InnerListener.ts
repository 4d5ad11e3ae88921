import { createSocket } from "node:dgram"
import { createServer } from "node:net"
import { Effect, type Scope } from "effect"
import { freePort } from "./FreePort.ts"

/** What stands for all that is inside: it counts whoever comes, and says nothing. */
export interface InnerListener {
  /** One port of 127.0.0.1 and ::1, for TCP and UDP. */
  readonly port: number
  /** How many connections and datagrams have come. */
  readonly visits: () => number
}

/** The address that stands for what is outside, where tests have servers of their own. */
export const outerAddress = "127.0.0.2"

const inners = ["127.0.0.1", "::1"] as const

/** Listens until the scope closes. */
export const innerListener: Effect.Effect<InnerListener, never, Scope.Scope> = Effect.gen(function* () {
  const port = yield* freePort
  let visits = 0
  const count = () => {
    visits += 1
  }
  for (const host of inners) {
    yield* Effect.acquireRelease(
      Effect.async<ReturnType<typeof createServer>>((resume) => {
        const server = createServer((socket) => {
          count()
          socket.on("error", () => undefined)
          socket.destroy()
        })
        server.on("error", (error) => resume(Effect.die(error)))
        server.listen(port, host, () => resume(Effect.succeed(server)))
      }),
      (server) => Effect.async<void>((resume) => void server.close(() => resume(Effect.void))),
    )
    yield* Effect.acquireRelease(
      Effect.async<ReturnType<typeof createSocket>>((resume) => {
        const socket = createSocket(host === "::1" ? "udp6" : "udp4", count)
        socket.on("error", (error) => resume(Effect.die(error)))
        socket.bind(port, host, () => resume(Effect.succeed(socket)))
      }),
      (socket) => Effect.async<void>((resume) => void socket.close(() => resume(Effect.void))),
    )
  }
  return { port, visits: () => visits }
})

/** Every way to write the inside as the host of a URL. */
export const innerHosts: ReadonlyArray<string> = [
  "127.0.0.1",
  "127.1",
  "2130706433",
  "0x7f000001",
  "0177.0.0.1",
  "127.0.0.1.",
  "１２７.0.0.1",
  "0.0.0.0",
  "0",
  "localhost",
  "LOCALHOST.",
  "api.localhost",
  "[::1]",
  "[::]",
  "[0:0:0:0:0:0:0:1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::ffff:0:127.0.0.1]",
  "[::127.0.0.1]",
  "[::7f00:1]",
  "[64:ff9b::7f00:1]",
  "[64:ff9b::127.0.0.1]",
  "[64:ff9b:1::7f00:1]",
  "[2002:7f00:1::]",
  "[2001:0:7f00:1::80ff:fffe]",
  "[2001::80ff:fffe]",
  "[fe80::5efe:7f00:1]",
  "169.254.169.254",
]

/** Names that mean the inside, by what a name server says of them. */
export const innerNames: Readonly<
  Record<string, { readonly a?: ReadonlyArray<string>; readonly aaaa?: ReadonlyArray<string>; readonly cname?: string }>
> = {
  "inner4.test": { a: ["127.0.0.1"] },
  "inner6.test": { aaaa: ["::1"] },
  "both.test": { a: ["127.0.0.1"], aaaa: ["::1"] },
  "mixed.test": { a: [outerAddress, "127.0.0.1"] },
  "mixed6.test": { a: [outerAddress], aaaa: ["::1"] },
  "mapped.test": { aaaa: ["::ffff:127.0.0.1"] },
  "compatible.test": { aaaa: ["::127.0.0.1"] },
  "nat64.test": { aaaa: ["64:ff9b::7f00:1"] },
  "local-nat64.test": { aaaa: ["64:ff9b:1::7f00:1"] },
  "6to4.test": { aaaa: ["2002:7f00:1::"] },
  "teredo.test": { aaaa: ["2001:0:7f00:1::80ff:fffe"] },
  "alias.test": { cname: "localhost", a: ["127.0.0.1"] },
  "metadata.test": { a: ["169.254.169.254"] },
  "unspecified.test": { a: ["0.0.0.0"] },
}

/** A name that means the outside when it is asked for the first time, and the inside ever after. */
export const rebindingName = "rebinding.test"
