import { readFileSync } from "node:fs"
import { createServer } from "node:http"

/**
 * The floor of an API: `node:http` that reads each request and answers it with the bytes of `FILE` and the status `STATUS`.
 * Prints its port.
 */
const status = Number(process.env["STATUS"])
const body = readFileSync(process.env["FILE"] ?? "")
const headers = { "content-type": "application/json", "content-length": body.length }

const server = createServer((request, response) => {
  request.resume()
  request.once("end", () => response.writeHead(status, headers).end(body))
})
server.listen({ port: 0, host: "127.0.0.1" }, () => {
  const address = server.address()
  if (address !== null && typeof address !== "string") process.stdout.write(`port ${address.port};\n`)
})
