import { connect } from "node:net"
import { Worker } from "node:worker_threads"
import { Effect, type Scope } from "effect"

/** Listens, and then never runs again: connections queue up until the system takes no more. */
const program = `
const { parentPort, workerData } = require("node:worker_threads")
const server = require("node:net").createServer()
server.listen({ ...workerData, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port)
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
})
`

const listening = (worker: Worker) =>
  Effect.async<number, Error>((resume) => {
    worker.once("message", (port) => resume(Effect.succeed(Number(port))))
    worker.once("error", (error) => resume(Effect.fail(error)))
  }).pipe(Effect.orDie)

/** Opens a connection for as long as the scope, and tells whether it was made within a fifth of a second. */
const fill = (host: string, port: number) =>
  Effect.acquireRelease(
    Effect.sync(() => connect({ host, port }).on("error", () => undefined)),
    (socket) => Effect.sync(() => socket.destroy()),
  ).pipe(
    Effect.flatMap((socket) =>
      Effect.async<boolean>((resume) => {
        const timer = setTimeout(() => resume(Effect.succeed(false)), 200)
        socket.once("connect", () => {
          clearTimeout(timer)
          resume(Effect.succeed(true))
        })
      }),
    ),
  )

/**
 * A port to which every further attempt to connect is left without an answer, until the scope closes.
 *
 * @param port the port, or 0 for a free one
 * @returns the port
 */
export const deafServer = (host: string, port = 0): Effect.Effect<number, never, Scope.Scope> =>
  Effect.gen(function* () {
    const worker = yield* Effect.acquireRelease(
      Effect.sync(() => new Worker(program, { eval: true, workerData: { host, port } })),
      (worker) => Effect.promise(() => worker.terminate()),
    )
    const taken = yield* listening(worker)
    const isFull = yield* Effect.map(fill(host, taken), (isMade) => !isMade).pipe(
      Effect.repeat({ until: (isFull) => isFull, times: 20 }),
    )
    return isFull ? taken : yield* Effect.dieMessage("the queue of connections does not fill up")
  })
