import { createHash, constants as crypto, generateKeyPairSync, privateDecrypt } from "node:crypto"
import type { Socket } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { mysqlProbe } from "@uptime/prober/MysqlProbe"
import * as Certificates from "@uptime/testing/Certificates"
import { rawServer } from "@uptime/testing/HostileServer"
import { Effect } from "effect"
import { probeServices } from "./ProbeServicesFixture.ts"
import { behavesAsSocketProbe } from "./SocketProbeSuite.ts"
import { inTime, said, sealed, upgraded } from "./SocketServers.ts"

type Options = NonNullable<CheckSpec["mysql"]>

const check = (host: string, mysql: Options = {}, timeoutMs = 1_000): CheckSpec => ({
  kind: "mysql",
  url: `mysql://${host}`,
  timeoutMs,
  mysql,
})

const user = Effect.map(sealed("secret"), (password): Options => ({ username: "checker", password, database: "shop" }))

/** A packet as a server writes it. */
const packet = (sequence: number, payload: Buffer | string, length?: number): Buffer => {
  const bytes = Buffer.from(payload)
  const head = Buffer.alloc(4)
  head.writeUIntLE(length ?? bytes.length, 0, 3)
  head[3] = sequence
  return Buffer.concat([head, bytes])
}

const challenge = Buffer.from("abcdefghijklmnopqrst")

/** A greeting with a way to log in, and TLS where it is offered. */
const greeting = (plugin = "mysql_native_password", offersTls = false): Buffer =>
  packet(
    0,
    Buffer.concat([
      Buffer.from("\x0a8.0.0\0\x01\0\0\0"),
      challenge.subarray(0, 8),
      Buffer.from([0, 0xff, offersTls ? 0xff : 0xf7, 33, 2, 0, 0x08, 0, 21]),
      Buffer.alloc(10),
      challenge.subarray(8),
      Buffer.from(`\0${plugin}\0`),
    ]),
  )

const ok = (sequence: number) => packet(sequence, "\0\0\0\x02\0\0\0")
const refusal = (sequence: number, code: number) =>
  packet(sequence, Buffer.concat([Buffer.from([0xff, code & 0xff, code >> 8]), Buffer.from("#HY000why")]))
const columnOfText = packet(2, "\x03def\0\0\0\x01a\0\x0c\x21\0\x0b\0\0\0\xfd\0\0\0\0\0".replace("\xfd", "\x03"))
const end = (sequence: number) => packet(sequence, Buffer.from([0xfe, 0, 0, 2, 0]))

/** What a server answers, packet by packet; a function makes the answer of what was sent. */
type Answers = ReadonlyArray<Buffer | ((sent: Buffer) => Buffer)>

const answering = (socket: Socket, answers: Answers): void => {
  const left = [...answers]
  socket.on("data", (sent: Buffer) => {
    const answer = left.shift()
    if (answer !== undefined) socket.write(typeof answer === "function" ? answer(sent) : answer)
  })
}

/** A check of a server that greets and gives its answers in their order. */
const against = (greets: Buffer, answers: Answers, options: Options = {}) =>
  Effect.gen(function* () {
    const { port } = yield* rawServer((socket) => {
      answering(socket, answers)
      socket.write(greets)
    })
    return yield* inTime(mysqlProbe, yield* probeServices(), check(`127.0.0.1:${port}`, options))
  })

/** After the login: the three preparations, the query and its one row. */
const served: Answers = [
  ok(1),
  ok(1),
  ok(1),
  Buffer.concat([packet(1, "\x01"), columnOfText, end(3), packet(4, "\x011"), end(5)]),
]

describe("a MySQL server's answer", () => {
  it.scopedLive.each([
    [1045, "Up", null],
    [1130, "Up", null],
    [1698, "Up", null],
    [1040, "Down", "the server has no connection free"],
    [1129, "Down", "the server has blocked the checker's address after too many errors: FLUSH HOSTS frees it"],
    [1105, "Down", "the server refuses the connection"],
  ] as const)("to a stranger, the error %i, is %s", ([code, status, why]) =>
    Effect.gen(function* () {
      const outcome = yield* against(greeting(), [refusal(2, code)])
      assert.deepStrictEqual(said(outcome), [status, why === null ? null : "protocol", why])
    }),
  )

  it.scopedLive("may be an error instead of a greeting", () =>
    Effect.gen(function* () {
      const outcome = yield* against(packet(0, Buffer.from("\xff\x10\x04Too many connections", "latin1")), [])
      assert.deepStrictEqual(said(outcome), ["Down", "protocol", "the server has no connection free"])
      assert.strictEqual(outcome.evidence?.body, "Too many connections")
    }),
  )

  const sha256 = (...parts: ReadonlyArray<Buffer>) => createHash("sha256").update(Buffer.concat(parts)).digest()
  const once = sha256(Buffer.from("secret"))
  const mask = sha256(sha256(once), challenge)
  const token = Buffer.from(once.map((byte, i) => byte ^ (mask[i] ?? 0)))

  it.scopedLive("may ask for caching_sha2_password at once, and later for it", () =>
    Effect.gen(function* () {
      const accept = (sequence: number) => (sent: Buffer) =>
        sent.includes(token) ? Buffer.concat([packet(sequence, "\x01\x03"), ok(sequence + 1)]) : refusal(sequence, 1045)
      const options = yield* user
      const atOnce = yield* against(greeting("caching_sha2_password"), [accept(2), ...served], options)
      assert.deepStrictEqual(said(atOnce), ["Up", null, null])
      const asked = packet(
        2,
        Buffer.concat([Buffer.from("\xfecaching_sha2_password\0", "latin1"), challenge, Buffer.alloc(1)]),
      )
      const later = yield* against(greeting(), [asked, accept(4), ...served], options)
      assert.deepStrictEqual(said(later), ["Up", null, null])
    }),
  )

  it.scopedLive("is sent the password for its key alone, and only where the check never uses TLS", () =>
    Effect.gen(function* () {
      const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
      const shown = Buffer.from(`\x01${publicKey.export({ type: "spki", format: "pem" })}`)
      const open = (sent: Buffer) => {
        const masked = privateDecrypt(
          { key: privateKey, padding: crypto.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" },
          sent.subarray(4),
        )
        const text = Buffer.from(masked.map((byte, i) => byte ^ (challenge[i % 20] ?? 0))).toString()
        return text === "secret\0" ? ok(6) : refusal(6, 1045)
      }
      const answers = [packet(2, "\x01\x04"), packet(4, shown), open, ...served]
      const options = yield* user
      const never = yield* against(greeting("caching_sha2_password"), answers, { ...options, tls: "never" })
      assert.deepStrictEqual(said(never), ["Up", null, null])
      const prefer = yield* against(greeting("caching_sha2_password"), answers, options)
      assert.strictEqual(prefer.errorKind, "protocol")
      assert.include(prefer.errorMessage ?? "", "without TLS")
    }),
  )

  it.scopedLive("is sent the password itself under TLS, when it asks for it", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const pair = yield* authority.issue({ addresses: ["127.0.0.1"] })
      const accept = (sent: Buffer) => (sent.subarray(4).toString() === "secret\0" ? ok(5) : refusal(5, 1045))
      const full = packet(3, "\x01\x04")
      const clear = packet(3, Buffer.from("\xfemysql_clear_password\0", "latin1"))
      for (const asked of [full, clear]) {
        const { port } = yield* rawServer((socket) => {
          socket.once("data", (bytes: Buffer) => {
            // The client begins TLS without waiting for an answer to its request, which is 36 bytes long.
            socket.pause()
            if (bytes.length > 36) socket.unshift(bytes.subarray(36))
            answering(upgraded(socket, pair), [asked, accept, ...served])
          })
          socket.write(greeting("caching_sha2_password", true))
        })
        const services = yield* probeServices({ authorities: [authority.cert] })
        const outcome = yield* inTime(mysqlProbe, services, check(`127.0.0.1:${port}`, yield* user))
        assert.deepStrictEqual(said(outcome), ["Up", null, null])
        assert.isNotNull(outcome.certificateExpiresAt)
        // Where it is not known whose certificate that is, it gets none.
        const options = yield* user
        const strange = yield* probeServices()
        const unverified = yield* inTime(mysqlProbe, strange, check(`127.0.0.1:${port}`, options))
        assert.deepStrictEqual([unverified.status, unverified.errorKind], ["Down", "tls"])
        assert.include(unverified.errorMessage ?? "", "the password would be sent as it is")
        const ignored = yield* inTime(mysqlProbe, strange, check(`127.0.0.1:${port}`, { ...options, ignoreTls: true }))
        assert.deepStrictEqual(said(ignored), ["Up", null, null])
      }
    }),
  )

  it.scopedLive("may be that it cannot promise only to read, and then it is asked nothing", () =>
    Effect.gen(function* () {
      const outcome = yield* against(greeting(), [ok(2), refusal(1, 1064)], yield* user)
      assert.deepStrictEqual(said(outcome), ["Down", "protocol", "the server cannot run a query that only reads"])
    }),
  )

  it.scopedLive("gets neither a file nor a password it has no right to", () =>
    Effect.gen(function* () {
      const heard: Array<string> = []
      const hear = (answer: Buffer) => (sent: Buffer) => {
        heard.push(sent.toString("latin1"))
        return answer
      }
      const file = packet(1, Buffer.from("\xfb/etc/passwd", "latin1"))
      const options = yield* user
      const outcome = yield* against(greeting(), [ok(2), file, hear(ok(3))], options)
      assert.deepStrictEqual(said(outcome), [
        "Down",
        "protocol",
        "the server asks for a file of the checker's, and gets none",
      ])
      const clear = packet(2, Buffer.from("\xfemysql_clear_password\0", "latin1"))
      const open = yield* against(greeting(), [clear, hear(ok(4))], { ...options, tls: "never" })
      assert.include(open.errorMessage ?? "", "without TLS")
      assert.deepStrictEqual(heard, [])
    }),
  )

  it.scopedLive.each([
    ["a greeting of another version", packet(0, "\x098.0.0\0"), []],
    ["a greeting without an end", packet(0, "\x0a8.0.0"), []],
    ["an empty packet", packet(0, ""), []],
    ["a packet of 16 MiB", packet(0, "\x0a", 0xffffff), []],
    ["a login without an end", greeting(), [packet(2, Buffer.from([0xfe]))]],
    ["a login of no kind", greeting(), [packet(2, "\x05")]],
    ["a key that was not asked for", greeting(), [packet(2, "\x01key")]],
    ["a key that is none", greeting("caching_sha2_password"), [packet(2, "\x01\x04"), packet(4, "\x01key")]],
    [
      "a result of too many columns",
      greeting(),
      [ok(2), packet(1, Buffer.from([0xfe, 255, 255, 255, 255, 255, 255, 255, 255]))],
    ],
    ["a column that is none", greeting(), [ok(2), Buffer.concat([packet(1, "\x01"), packet(2, Buffer.from([0xfe]))])]],
    [
      "a row that is too short",
      greeting(),
      [ok(2), Buffer.concat([packet(1, "\x01"), columnOfText, end(3), packet(4, "\x051")])],
    ],
    [
      "a row that is too long",
      greeting(),
      [ok(2), Buffer.concat([packet(1, "\x01"), columnOfText, end(3), packet(4, "\x01123")])],
    ],
  ] as const)("that is malformed is Down: %s", ([_, greets, answers]) =>
    Effect.gen(function* () {
      const outcome = yield* against(greets, answers, { ...(yield* user), tls: "never" })
      assert.deepStrictEqual([outcome.status, outcome.errorKind], ["Down", "protocol"], outcome.errorMessage ?? "")
    }),
  )
})

behavesAsSocketProbe({
  probe: mysqlProbe,
  check: (host, timeoutMs) => check(host, { username: "a" }, timeoutMs),
  endless: [
    ["greeting", packet(0, "\x0a", 1_048_000), Buffer.alloc(64, 1)],
    ["logins", greeting("caching_sha2_password"), packet(2, "\x01\x03")],
    ["rows", Buffer.concat([greeting(), ok(2), packet(1, "\x01"), columnOfText, end(3)]), packet(4, "\x05hello")],
  ],
})
