import { createServer as createPlainServer, type Server, type Socket } from "node:net"
import { createServer as createTlsServer } from "node:tls"

/**
 * The cheapest site to check that there is, as a process: one answer of fixed bytes per connection, plain and, with the
 * certificate and key in `CERT` and `KEY`, over TLS. Prints both ports, and a third one that says to whoever connects how
 * many requests there were.
 */
const answer = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

let requests = 0

const serve = (socket: Socket) => {
  socket.on("error", () => socket.destroy())
  socket.once("data", () => {
    requests++
    socket.end(answer)
  })
}

const listen = (name: string, server: Server) =>
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
    const address = server.address()
    if (address !== null && typeof address !== "string") process.stdout.write(`${name} ${address.port};\n`)
  })

listen("http", createPlainServer(serve))
const secure = createTlsServer({ cert: process.env["CERT"], key: process.env["KEY"] }, serve)
secure.on("tlsClientError", () => {})
listen("https", secure)
listen(
  "count",
  createPlainServer((socket) => socket.on("error", () => socket.destroy()).end(String(requests))),
)
