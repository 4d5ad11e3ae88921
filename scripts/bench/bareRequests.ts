import { connect, type Socket } from "node:net"
import { connect as connectTls, createSecureContext } from "node:tls"

/**
 * The floor of a check: `REQUESTS` requests to 127.0.0.1:`TARGET_PORT`, each on a new connection, `CONCURRENCY` at a time, by
 * nothing but `node:net`, or `node:tls` where `TLS` is 1, after as many again as `WARM_UP` says. Prints the processor time of
 * one in microseconds.
 */
const port = Number(process.env["TARGET_PORT"])
const total = Number(process.env["REQUESTS"])
const warmUp = Number(process.env["WARM_UP"])
const concurrency = Number(process.env["CONCURRENCY"])
const secureContext = process.env["TLS"] === "1" ? createSecureContext() : null
const request = Buffer.from(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)

let started = 0
let ended = 0
let before = process.cpuUsage()

const open = (): Socket => {
  const target = { port, host: "127.0.0.1" }
  if (secureContext === null) {
    const socket = connect(target, () => socket.write(request))
    return socket
  }
  const socket = connectTls({ ...target, secureContext, rejectUnauthorized: false }, () => socket.write(request))
  return socket
}

const next = (): void => {
  if (started === total + warmUp) return
  started++
  const socket = open()
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
