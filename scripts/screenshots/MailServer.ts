import { createServer } from "node:net"
import { Effect, type Scope } from "effect"

/** A mail server that takes everything and keeps nothing, on a free port of 127.0.0.1 until the scope closes: its URL. */
export const mailServer: Effect.Effect<string, never, Scope.Scope> = Effect.map(
  Effect.acquireRelease(
    Effect.async<ReturnType<typeof createServer>>((resume) => {
      const server = createServer((socket) => {
        let isData = false
        let held = ""
        socket.on("error", () => socket.destroy())
        socket.write("220 mail ready\r\n")
        socket.on("data", (chunk) => {
          const lines = `${held}${chunk}`.split("\r\n")
          held = lines.pop() ?? ""
          for (const line of lines) {
            const [command = ""] = line.toUpperCase().split(" ")
            if (isData) {
              if (line !== ".") continue
              isData = false
              socket.write("250 taken\r\n")
            } else if (command === "DATA") {
              isData = true
              socket.write("354 go on\r\n")
            } else if (command === "QUIT") socket.end("221 bye\r\n")
            else socket.write("250 ok\r\n")
          }
        })
      })
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => server.close()),
  ),
  (server) => {
    const address = server.address()
    return `smtp://127.0.0.1:${typeof address === "object" ? address?.port : ""}?security=none`
  },
)
