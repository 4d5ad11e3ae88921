import { connect } from "node:net"
import { Effect } from "effect"
import { bundled, startApp } from "../../packages/testing/src/AppProcess.ts"
import { selfSigned } from "../../packages/testing/src/Certificates.ts"

const portAfter = (word: string, output: string) => Number(new RegExp(`^${word} (\\d+);$`, "m").exec(output)?.[1])

/** All that a server says of itself to whoever connects, or answers to a text. */
export const ask = (port: number, text = ""): Effect.Effect<string> =>
  Effect.async((resume) => {
    let answer = ""
    const socket = connect({ port, host: "127.0.0.1" }, () => socket.write(text))
    socket.setEncoding("latin1").on("data", (data: string) => {
      answer += data
    })
    socket.once("close", () => resume(Effect.succeed(answer)))
    socket.once("error", (error) => resume(Effect.die(error)))
  })

/** Starts the site that is checked (`targetProcess.ts`) until the scope closes. */
export const startTargetApp = Effect.gen(function* () {
  const bundle = yield* bundled(new URL("./targetProcess.ts", import.meta.url))
  const { cert, key } = yield* selfSigned({ addresses: ["127.0.0.1"] })
  const app = yield* startApp(bundle, { CERT: cert, KEY: key })
  yield* Effect.forEach(["http ", "https ", "count "], app.awaitOutput, { discard: true })
  const said = yield* app.output
  return {
    pid: app.pid,
    ports: { http: portAfter("http", said), https: portAfter("https", said) },
    /** How many requests there were so far. */
    requests: Effect.map(ask(portAfter("count", said)), Number),
  }
})
