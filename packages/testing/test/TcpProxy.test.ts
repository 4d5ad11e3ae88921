import * as Net from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { eventually } from "@uptime/testing/Eventually"
import * as TcpProxy from "@uptime/testing/TcpProxy"
import { Effect, type Scope } from "effect"

/** A server on 127.0.0.1 that does something with each connection; its port, and the connections so far. */
const serve = (
  onConnection: (socket: Net.Socket) => void,
): Effect.Effect<{ readonly port: number; readonly sockets: ReadonlySet<Net.Socket> }, never, Scope.Scope> =>
  Effect.gen(function* () {
    const sockets = new Set<Net.Socket>()
    const server = Net.createServer((socket) => {
      sockets.add(socket)
      socket.on("error", () => {})
      onConnection(socket)
    })
    yield* Effect.acquireRelease(
      Effect.async<void>((resume) => {
        server.listen(0, "127.0.0.1", () => resume(Effect.void))
      }),
      () =>
        Effect.sync(() => {
          server.close()
          for (const socket of sockets) socket.destroy()
        }),
    )
    const address = server.address()
    return { port: typeof address === "object" && address !== null ? address.port : 0, sockets }
  })

/** A server that answers with what it is sent, and remembers how much that was; its port. */
const echo: Effect.Effect<{ readonly port: number; readonly received: () => number }, never, Scope.Scope> = Effect.gen(
  function* () {
    let received = 0
    const { port } = yield* serve((socket) => {
      socket.on("data", (data) => {
        received += data.length
        socket.write(data)
      })
    })
    return { port, received: () => received }
  },
)

/** A connection as its client sees it. */
interface Client {
  readonly send: (text: string) => Effect.Effect<void>
  readonly received: Effect.Effect<string>
  /** How it ended: `open` while it has not, else the error's code, or `end`. */
  readonly state: Effect.Effect<string>
}

const connect = (port: number): Effect.Effect<Client, never, Scope.Scope> =>
  Effect.gen(function* () {
    let text = ""
    let state = "open"
    const socket = yield* Effect.acquireRelease(
      Effect.async<Net.Socket>((resume) => {
        const opened = Net.connect({ port, host: "127.0.0.1" })
        opened.on("data", (data) => {
          text += data.toString()
        })
        opened.on("error", (error: NodeJS.ErrnoException) => {
          state = error.code ?? "error"
          resume(Effect.succeed(opened))
        })
        opened.on("close", () => {
          if (state === "open") state = "end"
        })
        opened.on("connect", () => resume(Effect.succeed(opened)))
      }),
      (opened) => Effect.sync(() => opened.destroy()),
    )
    return {
      send: (message) => Effect.sync(() => void socket.write(message)),
      received: Effect.sync(() => text),
      state: Effect.sync(() => state),
    }
  })

/** One turn of the event loop. */
const turn = Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))

const untilReceived = (client: Client, wanted: string) =>
  eventually(client.received, (text) => text === wanted, "5 seconds")
const untilState = (client: Client, wanted: string) =>
  eventually(client.state, (state) => state === wanted, "5 seconds")

describe.concurrent("the proxy", () => {
  it.scopedLive("lets everything through, and resets what is connected when it cuts", () =>
    Effect.gen(function* () {
      const proxy = yield* TcpProxy.make((yield* echo).port)
      const client = yield* connect(proxy.port)
      yield* client.send("hello")
      yield* untilReceived(client, "hello")
      yield* proxy.cut
      yield* untilState(client, "ECONNRESET")
      const next = yield* connect(proxy.port)
      yield* next.send("again")
      yield* untilReceived(next, "again")
    }),
  )

  it.scopedLive("refuses connections until it heals, on the same port", () =>
    Effect.gen(function* () {
      const proxy = yield* TcpProxy.make((yield* echo).port)
      const client = yield* connect(proxy.port)
      yield* proxy.refuse
      yield* untilState(client, "ECONNRESET")
      yield* untilState(yield* connect(proxy.port), "ECONNREFUSED")
      yield* proxy.heal
      const next = yield* connect(proxy.port)
      yield* next.send("again")
      yield* untilReceived(next, "again")
    }),
  )

  it.scopedLive("refuses and heals any number of times and leaves nothing behind", () =>
    Effect.gen(function* () {
      const warnings: Array<string> = []
      const warned = (warning: Error) => warnings.push(warning.name)
      process.on("warning", warned)
      yield* Effect.addFinalizer(() => Effect.sync(() => process.off("warning", warned)))
      const proxy = yield* TcpProxy.make((yield* echo).port)
      for (let time = 0; time < 12; time++) yield* Effect.zipRight(proxy.refuse, proxy.heal)
      yield* turn
      assert.deepStrictEqual(warnings, [])
    }),
  )

  it.scopedLive("keeps connections open in a black hole and lets nothing pass; new ones pass once it heals", () =>
    Effect.gen(function* () {
      const server = yield* echo
      const proxy = yield* TcpProxy.make(server.port)
      const client = yield* connect(proxy.port)
      yield* proxy.blackHole
      yield* client.send("lost")
      const during = yield* connect(proxy.port)
      yield* during.send("lost too")
      yield* proxy.heal
      const next = yield* connect(proxy.port)
      yield* next.send("found")
      yield* untilReceived(next, "found")
      assert.strictEqual(server.received(), "found".length)
      assert.deepStrictEqual([yield* client.state, yield* during.state], ["open", "open"])
    }),
  )

  it.scopedLive("delays what passes by so much in each direction, and keeps its order", () =>
    Effect.gen(function* () {
      let drawn = 0
      const jitter = [0.9, 0, 0.5, 0.1]
      const proxy = yield* TcpProxy.make((yield* echo).port, () => jitter[drawn++ % jitter.length] ?? 0)
      const client = yield* connect(proxy.port)
      yield* proxy.delay(100, 50)
      const began = performance.now()
      for (const letter of ["a", "b", "c", "d"]) {
        yield* client.send(letter)
        yield* Effect.yieldNow()
      }
      yield* untilReceived(client, "abcd")
      assert.isAtLeast(performance.now() - began, 200)
    }),
  )

  it.scopedLive("keeps the order of what arrives at one instant", () =>
    Effect.gen(function* () {
      const proxy = yield* TcpProxy.make((yield* echo).port)
      const client = yield* connect(proxy.port)
      yield* proxy.delay(20, 10)
      const sent = Array.from({ length: 600 }, (_, n) => `${n},`)
      for (const [n, text] of sent.entries()) {
        yield* client.send(text)
        // Now in a later turn of the loop, now in the same.
        if (n % 3 !== 0) yield* turn
      }
      yield* untilReceived(client, sent.join(""))
    }),
  )

  it.scopedLive("resets also whom the other side has left in a black hole, and refuses", () =>
    Effect.gen(function* () {
      const { port, sockets } = yield* serve((socket) => socket.write("hello"))
      const proxy = yield* TcpProxy.make(port)
      const client = yield* connect(proxy.port)
      yield* untilReceived(client, "hello")
      yield* proxy.blackHole
      for (const socket of sockets) socket.destroy()
      // Until the proxy has seen that it is gone, which nothing shows.
      yield* Effect.repeatN(turn, 100)
      yield* proxy.heal
      assert.strictEqual(yield* client.state, "open")
      yield* Effect.timeout(proxy.refuse, "5 seconds")
      yield* untilState(client, "ECONNRESET")
      yield* untilState(yield* connect(proxy.port), "ECONNREFUSED")
    }),
  )

  it.scopedLive("lets no more than so many bytes a second pass", () =>
    Effect.gen(function* () {
      const proxy = yield* TcpProxy.make((yield* echo).port)
      const client = yield* connect(proxy.port)
      yield* proxy.throttle(10_000)
      const began = performance.now()
      yield* client.send("x".repeat(2_000))
      yield* untilReceived(client, "x".repeat(2_000))
      assert.isAtLeast(performance.now() - began, 390)
    }),
  )

  it.scopedLive("loses one answer to a command, which the server has done, and resets that connection alone", () =>
    Effect.gen(function* () {
      const server = yield* echo
      const proxy = yield* TcpProxy.make(server.port)
      const [one, other] = [yield* connect(proxy.port), yield* connect(proxy.port)]
      yield* proxy.loseAnswerTo("COMMIT")
      yield* other.send("begin")
      yield* untilReceived(other, "begin")
      yield* one.send("commit")
      yield* untilState(one, "ECONNRESET")
      assert.strictEqual(yield* one.received, "")
      assert.strictEqual(server.received(), "begincommit".length)
      yield* other.send("commit")
      yield* untilReceived(other, "begincommit")
    }),
  )

  it.scopedLive("tells when the server has answered a command, and keeps the answer", () =>
    Effect.gen(function* () {
      const server = yield* echo
      const proxy = yield* TcpProxy.make(server.port)
      const client = yield* connect(proxy.port)
      const held = yield* proxy.holdAnswerTo("commit")
      yield* client.send("begin")
      yield* untilReceived(client, "begin")
      yield* client.send("commit")
      yield* held
      yield* client.send("more")
      yield* proxy.heal
      const next = yield* connect(proxy.port)
      yield* next.send("again")
      yield* untilReceived(next, "again")
      assert.deepStrictEqual([yield* client.received, yield* client.state], ["begin", "open"])
      assert.strictEqual(server.received(), "begincommitagain".length)
    }),
  )

  it.scopedLive("cuts a connection in the middle of an answer, after so many bytes, once", () =>
    Effect.gen(function* () {
      const proxy = yield* TcpProxy.make((yield* echo).port)
      const client = yield* connect(proxy.port)
      yield* proxy.cutAfter(7)
      yield* client.send("1234")
      yield* untilReceived(client, "1234")
      yield* client.send("5678")
      yield* eventually(client.state, (state) => state !== "open", "5 seconds")
      assert.include(["1234", "1234567"], yield* client.received)
      const next = yield* connect(proxy.port)
      yield* next.send("12345678")
      yield* untilReceived(next, "12345678")
    }),
  )
})
