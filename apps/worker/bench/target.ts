import { createServer } from "node:net"

/** The cheapest target there is: one answer of fixed bytes per connection. Prints its port. */
const answer = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
const server = createServer((socket) => {
  socket.on("error", () => socket.destroy())
  socket.once("data", () => socket.end(answer))
})
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
  const address = server.address()
  if (address !== null && typeof address !== "string") process.stdout.write(`listening ${address.port}\n`)
})
