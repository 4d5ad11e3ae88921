import { connect } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { redisProbe } from "@uptime/prober/RedisProbe"
import * as Certificates from "@uptime/testing/Certificates"
import { rawServer } from "@uptime/testing/HostileServer"
import { startRedis } from "@uptime/testing/Servers"
import { Effect } from "effect"
import { probeServices } from "./ProbeServicesFixture.ts"
import { behavesAsSocketProbe } from "./SocketProbeSuite.ts"
import { foreignSecret, inTime, phasesOf, said, sealed, silentServer, tlsServer } from "./SocketServers.ts"

const check = (host: string, redis: CheckSpec["redis"] = {}, timeoutMs = 3_000): CheckSpec => ({
  kind: "redis",
  url: `redis://${host}`,
  timeoutMs,
  redis,
})
const at = (port: number, redis?: CheckSpec["redis"]) => check(`127.0.0.1:${port}`, redis)

const refused = "Redis refuses the user name or password"

/** Sets up a server by commands of which each is answered OK. */
const setUp = (port: number, ...commands: ReadonlyArray<string>) =>
  Effect.async<void>((resume) => {
    const socket = connect({ host: "127.0.0.1", port })
    let answers = ""
    socket.on("data", (bytes: Buffer) => {
      answers += bytes.toString("latin1")
      if (answers !== "+OK\r\n".repeat(commands.length)) return
      socket.destroy()
      resume(Effect.void)
    })
    socket.write(commands.map((command) => `${command}\r\n`).join(""))
  })

/** A server that gives its answers in their order, whatever it is asked. */
const answering = (...answers: ReadonlyArray<string>) =>
  rawServer((socket) => {
    const left = [...answers]
    socket.on("data", () => socket.write(left.shift() ?? "-ERR no more\r\n"))
  })

describe("a check of a Redis server", () => {
  it.scopedLive("without a password is Up when PING is answered, and leaves no connection", () =>
    Effect.gen(function* () {
      const server = yield* startRedis()
      const services = yield* probeServices()
      const outcome = yield* inTime(redisProbe, services, at(server.port))
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.deepStrictEqual(phasesOf(outcome), ["connect", "firstByte", "transfer"])
      const wrong = yield* inTime(redisProbe, services, at(server.port, { password: yield* sealed("secret") }))
      assert.deepStrictEqual(said(wrong), ["Down", "protocol", refused])
      assert.include(wrong.evidence?.body ?? "", "without any password configured")
    }),
  )

  it.scopedLive("logs in with a password, and with a user's name and password", () =>
    Effect.gen(function* () {
      const server = yield* startRedis()
      yield* setUp(
        server.port,
        'ACL SETUSER checker on ">other word" +ping',
        "ACL SETUSER deaf on nopass",
        "CONFIG SET requirepass secret",
      )
      const services = yield* probeServices()
      const password = yield* sealed("secret")
      const other = yield* sealed("other word")
      const cases = [
        [{ password }, ["Up", null, null]],
        [{ username: "default", password }, ["Up", null, null]],
        [{ username: "checker", password: other }, ["Up", null, null]],
        [{ username: "deaf" }, ["Down", "protocol", "the user may not call PING"]],
        [{ password: other }, ["Down", "protocol", refused]],
        [{ username: "checker", password }, ["Down", "protocol", refused]],
        [{ username: "nobody" }, ["Down", "protocol", refused]],
      ] as const
      for (const [redis, expected] of cases) {
        assert.deepStrictEqual(said(yield* inTime(redisProbe, services, at(server.port, redis))), expected)
      }
    }),
  )

  it.scopedLive("without a password is Up at a server that asks for one: it is there", () =>
    Effect.gen(function* () {
      const server = yield* startRedis()
      yield* setUp(server.port, "CONFIG SET requirepass secret")
      const outcome = yield* inTime(redisProbe, yield* probeServices(), at(server.port))
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
    }),
  )

  it.scopedLive("is our own fault when its password cannot be read, and nothing is dialled", () =>
    Effect.gen(function* () {
      const server = yield* silentServer()
      const outcome = yield* inTime(
        redisProbe,
        yield* probeServices(),
        at(server.port, { password: yield* foreignSecret }),
      )
      assert.deepStrictEqual(said(outcome), [
        "Unknown",
        "internal",
        "a secret of this monitor cannot be read: a secret was sealed under another ENCRYPTION_KEY",
      ])
    }),
  )

  it.scopedLive.each([
    ["-LOADING Redis is loading the dataset in memory\r\n", "Redis is still loading its data"],
    ["-MASTERDOWN Link with MASTER is down\r\n", "Redis is a replica whose master is down"],
    ["-MISCONF Errors writing to the AOF file\r\n", "Redis cannot write its data to disk"],
    ["-BUSY Redis is busy running a script\r\n", "Redis is busy with a script"],
    [
      "-DENIED Redis is running in protected mode\r\n",
      "Redis is in protected mode and refuses connections from outside",
    ],
    ["-ERR max number of clients reached\r\n", "Redis does not answer PING with PONG"],
    ["+OK\r\n", "Redis does not answer PING with PONG"],
    [":1\r\n", "the answer is not Redis's"],
    ["$4\r\nPONG\r\n", "the answer is not Redis's"],
  ] as const)("is Down when the answer is %j", ([answer, message]) =>
    Effect.gen(function* () {
      const { port } = yield* answering(answer)
      const outcome = yield* inTime(redisProbe, yield* probeServices(), at(port))
      assert.deepStrictEqual(said(outcome), ["Down", "protocol", message])
    }),
  )

  it.scopedLive("is Down when PING still needs a password after AUTH", () =>
    Effect.gen(function* () {
      const { port } = yield* answering("+OK\r\n", "-NOAUTH Authentication required.\r\n")
      const outcome = yield* inTime(redisProbe, yield* probeServices(), at(port, { password: yield* sealed("x") }))
      assert.deepStrictEqual(said(outcome), ["Down", "protocol", "Redis does not answer PING with PONG"])
    }),
  )

  it.scopedLive("speaks TLS where the URL says so", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const { port } = yield* tlsServer(yield* authority.issue({ names: ["site.test"] }), (socket) =>
        socket.on("data", () => socket.write("+PONG\r\n")),
      )
      const names = { "site.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]] }
      const services = yield* probeServices({ names, authorities: [authority.cert] })
      const secure = (host: string, redis: CheckSpec["redis"] = {}) =>
        inTime(redisProbe, services, { ...check(host, redis), url: `rediss://${host}:${port}` })
      const outcome = yield* secure("site.test")
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.strictEqual(outcome.certificateExpiresAt, Certificates.end.getTime())
      assert.deepStrictEqual(said(yield* secure("other.test")), ["Down", "tls", "the certificate is for another host"])
      assert.strictEqual((yield* secure("other.test", { ignoreTls: true })).status, "Up")
    }),
  )
})

behavesAsSocketProbe({
  probe: redisProbe,
  check: (host, timeoutMs) => check(host, {}, timeoutMs),
  endless: [
    ["text", "+", "PONG"],
    ["zeros", "-", Buffer.alloc(64)],
  ],
})
