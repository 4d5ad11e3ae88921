import { createServer } from "node:net"

/** @param {string} status */
const answerWith = (status) => Buffer.from(`HTTP/1.1 ${status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok`)

const up = answerWith("200 OK")
const down = answerWith("503 Service Unavailable")

/**
 * The cheapest site to check that there is: one answer of fixed bytes per connection, 503 below `/down/` and 200 elsewhere.
 *
 * @returns {Promise<{ url: string, close: () => void }>} `url` without a slash at the end
 */
export const startTarget = async () => {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy())
    socket.once("data", (request) => socket.end(request.includes(" /down/") ? down : up))
  })
  await new Promise((resolve) => server.listen({ port: 0, host: "127.0.0.1" }, () => resolve(undefined)))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The target has no port.")
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() }
}
