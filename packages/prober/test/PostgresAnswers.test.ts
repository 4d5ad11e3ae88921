import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { postgresProbe } from "@uptime/prober/PostgresProbe"
import { rawServer } from "@uptime/testing/HostileServer"
import { Effect } from "effect"
import { probeServices } from "./ProbeServicesFixture.ts"
import { behavesAsSocketProbe } from "./SocketProbeSuite.ts"
import { inTime, said, sealed } from "./SocketServers.ts"

type Options = NonNullable<CheckSpec["postgres"]>

const check = (host: string, postgres: Options, timeoutMs = 1_000): CheckSpec => ({
  kind: "postgres",
  url: `postgres://${host}`,
  timeoutMs,
  postgres: { tls: "never", ...postgres },
})

/** A message of a server, by default with the length that it has. */
const message = (type: string, body: Buffer | string, length?: number): Buffer => {
  const bytes = Buffer.from(body)
  const head = Buffer.alloc(5)
  head.write(type, "latin1")
  head.writeUInt32BE(length ?? bytes.length + 4, 1)
  return Buffer.concat([head, bytes])
}

const error = (code: string): Buffer => message("E", `SFATAL\0C${code}\0Mwhy\0\0`)
const authentication = (code: number, rest: Buffer | string = ""): Buffer =>
  message("R", Buffer.concat([Buffer.from([0, 0, 0, code]), Buffer.from(rest)]))
/** The description of one column of text. */
const column = message(
  "T",
  Buffer.concat([
    Buffer.from([0, 1]),
    Buffer.from("a\0"),
    Buffer.alloc(6),
    Buffer.from([0, 0, 0, 25]),
    Buffer.alloc(8),
  ]),
)

/** A check of a server that gives its answers in their order; without TLS unless the options say otherwise. */
const against = (answers: ReadonlyArray<Buffer | string>, options: Options = {}) =>
  Effect.gen(function* () {
    const { port } = yield* rawServer((socket) => {
      const left = [...answers]
      socket.on("data", () => {
        const answer = left.shift()
        if (answer !== undefined) socket.write(answer)
      })
    })
    return yield* inTime(postgresProbe, yield* probeServices(), check(`127.0.0.1:${port}`, options))
  })

const user = Effect.map(sealed("secret"), (password): Options => ({ username: "a", password }))
const notPostgres = ["Down", "protocol", "the answer is not PostgreSQL's"] as const

describe("a PostgreSQL server's answer", () => {
  it.scopedLive.each([
    ["28000", "Up", null],
    ["28P01", "Up", null],
    ["3D000", "Up", null],
    ["57P03", "Down", "the server is starting or stopping"],
    ["53300", "Down", "the server has no connection free"],
    ["XX000", "Down", "the server refuses the connection"],
  ] as const)("to a stranger, the error %s, is %s", ([code, status, why]) =>
    Effect.gen(function* () {
      const outcome = yield* against([error(code)])
      assert.deepStrictEqual(said(outcome), [status, why === null ? null : "protocol", why])
    }),
  )

  it.scopedLive("may be that it has no TLS, which is as the check takes it", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* against(["N", authentication(5, "salt")], { tls: "prefer" })).status, "Up")
      const outcome = yield* against(["N"], { tls: "require" })
      assert.deepStrictEqual(said(outcome), ["Down", "protocol", "the server does not offer TLS"])
    }),
  )

  it.scopedLive("brings it no password in plain text without TLS, unless the check never uses it", () =>
    Effect.gen(function* () {
      const prefer = yield* against(["N", authentication(3)], { ...(yield* user), tls: "prefer" })
      assert.deepStrictEqual([prefer.status, prefer.errorKind], ["Down", "protocol"])
      assert.include(prefer.errorMessage ?? "", "in plain text without TLS")
      const never = yield* against([authentication(3), error("28P01")], yield* user)
      assert.deepStrictEqual(said(never), ["Down", "protocol", "the server refuses the user name or password"])
    }),
  )

  it.scopedLive("must prove in SCRAM that it knows the password", () =>
    Effect.gen(function* () {
      const sasl = authentication(10, "SCRAM-SHA-256\0\0")
      const atOnce = yield* against([Buffer.concat([sasl, authentication(0)])], yield* user)
      assert.deepStrictEqual(said(atOnce), [
        "Down",
        "protocol",
        "the server does not prove that it knows the user's password",
      ])
      const early = yield* against([Buffer.concat([sasl, authentication(12, "v=AAAA")])], yield* user)
      assert.strictEqual(early.errorKind, "protocol")
      const foreign = yield* against([sasl, authentication(11, "r=other,s=AAAA,i=4096")], yield* user)
      assert.deepStrictEqual(said(foreign), [...notPostgres])
    }),
  )

  const ready = Buffer.concat([authentication(0), message("Z", "I")])
  const begun = [ready, message("Z", "T")]
  const nulls = Buffer.from([0, 1, 0xff, 0xff, 0xff, 0])
  it.scopedLive.each([
    ["an error without an end", [message("E", "SERROR\0")]],
    ["an error that is empty", [message("E", "")]],
    ["a login of no kind", [message("R", "")]],
    ["a login by Kerberos", [authentication(7)]],
    ["a login whose mechanisms never end", [authentication(10, "SCRAM-SHA-256")]],
    ["a message of no length", [message("R", "", 0)]],
    ["a message of 4 GiB", [message("R", "", 0xffffffff)]],
    ["a row before its columns", [...begun, message("D", Buffer.from([0, 1, 0, 0, 0, 1, 0x31]))]],
    ["columns that are not there", [...begun, message("T", Buffer.from([0xff, 0xff]))]],
    ["a row of a negative length", [...begun, Buffer.concat([column, message("D", nulls)])]],
    ["a row of other columns", [...begun, Buffer.concat([column, message("D", Buffer.from([0, 2]))])]],
  ] as const)("that is malformed is Down: %s", ([_, answers]) =>
    Effect.gen(function* () {
      const outcome = yield* against(answers, yield* user)
      assert.deepStrictEqual([outcome.status, outcome.errorKind], ["Down", "protocol"], outcome.errorMessage ?? "")
    }),
  )

  it.scopedLive("may end in the middle", () =>
    Effect.gen(function* () {
      const { port } = yield* rawServer((socket) => socket.once("data", () => socket.end(authentication(0))))
      const outcome = yield* inTime(postgresProbe, yield* probeServices(), check(`127.0.0.1:${port}`, yield* user))
      assert.deepStrictEqual(said(outcome), ["Down", "protocol", "connection closed in the middle of the exchange"])
    }),
  )
})

behavesAsSocketProbe({
  probe: postgresProbe,
  check: (host, timeoutMs) => check(host, { username: "a" }, timeoutMs),
  endless: [
    ["notices", "", message("N", `M${"x".repeat(500)}\0\0`)],
    ["one message", message("N", "", 1_048_500), Buffer.alloc(64)],
    ["parameters", authentication(0), message("S", "a\0b\0")],
  ],
})
