import { connect } from "node:net"

/**
 * The floor: `REQUESTS` requests to 127.0.0.1:`TARGET_PORT`, each on a new connection, `CONCURRENCY` at a time, by nothing
 * but `node:net`. Prints the CPU time of one in microseconds.
 */
const port = Number(process.env["TARGET_PORT"])
const total = Number(process.env["REQUESTS"])
const concurrency = Number(process.env["CONCURRENCY"])
const request = Buffer.from(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)

let started = 0
let ended = 0
let before = process.cpuUsage()
const warmUp = Math.min(2_000, total)

const next = (): void => {
  if (started === total + warmUp) return
  started++
  const socket = connect({ port, host: "127.0.0.1" }, () => socket.write(request))
  socket.on("data", () => {})
  socket.on("error", (error) => {
    throw error
  })
  socket.on("close", () => {
    ended++
    if (ended === warmUp) before = process.cpuUsage()
    if (ended === total + warmUp) {
      const { system, user } = process.cpuUsage(before)
      process.stdout.write(`cpu ${((user + system) / total).toFixed(1)}\n`)
    }
    next()
  })
}
for (let i = 0; i < concurrency; i++) next()
