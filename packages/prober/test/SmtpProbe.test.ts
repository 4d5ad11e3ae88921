import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { smtpProbe } from "@uptime/prober/SmtpProbe"
import * as Certificates from "@uptime/testing/Certificates"
import { eventually } from "@uptime/testing/Eventually"
import { rawServer } from "@uptime/testing/HostileServer"
import { Effect } from "effect"
import { SMTPServer, type SMTPServerOptions } from "smtp-server"
import { probeServices } from "./ProbeServicesFixture.ts"
import { behavesAsSocketProbe } from "./SocketProbeSuite.ts"
import { foreignSecret, inTime, onLine, phasesOf, said, sealed, silentServer } from "./SocketServers.ts"

const check = (host: string, smtp: CheckSpec["smtp"] = {}, timeoutMs = 3_000): CheckSpec => ({
  kind: "smtp",
  url: `smtp://${host}`,
  timeoutMs,
  smtp,
})

const names = { "mail.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]] }

interface Login {
  readonly method: string
  readonly isSecure: boolean
}

/** A mail server for `mail.test` in which a user `checker` may log in with `secret`, and what it saw. */
const mailServer = (options: SMTPServerOptions = {}) =>
  Effect.gen(function* () {
    const authority = yield* Certificates.authority
    const pair = yield* authority.issue({ names: ["mail.test"] })
    const logins: Array<Login> = []
    let closed = 0
    const server = new SMTPServer({
      ...pair,
      authOptional: true,
      disableReverseLookup: true,
      onAuth: ({ method, password, username }, session, callback) => {
        logins.push({ method, isSecure: session.secure })
        if (username === "checker" && password === "secret") callback(null, { user: "checker" })
        else callback(new Error("wrong"))
      },
      onClose: () => {
        closed++
      },
      ...options,
    })
    server.on("error", () => undefined)
    const port = yield* Effect.acquireRelease(
      Effect.async<number>((resume) => {
        const { server: listener } = server
        server.listen(0, "127.0.0.1", () => {
          const address = listener.address()
          resume(
            typeof address === "object" && address !== null
              ? Effect.succeed(address.port)
              : Effect.dieMessage("no port"),
          )
        })
      }),
      () => Effect.async<void>((resume) => server.close(() => resume(Effect.void))),
    )
    const services = yield* probeServices({ names, authorities: [authority.cert] })
    return {
      port,
      logins,
      closed: () => closed,
      probe: (smtp?: CheckSpec["smtp"], host = "mail.test") =>
        inTime(smtpProbe, services, check(`${host}:${port}`, smtp)),
      probeSecurely: (smtp: CheckSpec["smtp"], host = "mail.test") =>
        inTime(smtpProbe, services, { ...check(host, smtp), url: `smtps://${host}:${port}` }),
    }
  })

const auth = Effect.map(sealed("secret"), (password) => ({ username: "checker", password }))
const wrongAuth = Effect.map(sealed("guess"), (password) => ({ username: "checker", password }))

describe("a check of a mail server", () => {
  it.scopedLive("turns to TLS where it is offered, and leaves no connection", () =>
    Effect.gen(function* () {
      const server = yield* mailServer()
      const outcome = yield* server.probe()
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.deepStrictEqual(phasesOf(outcome), ["dns", "connect", "tls", "firstByte", "transfer"])
      assert.strictEqual(outcome.certificateExpiresAt, Certificates.end.getTime())
      yield* eventually(Effect.sync(server.closed), (closed) => closed === 1, "2 seconds")
    }),
  )

  it.scopedLive("turns to TLS as it is told: never, where it is offered, always", () =>
    Effect.gen(function* () {
      const offering = yield* mailServer()
      const plain = yield* mailServer({ hideSTARTTLS: true })
      assert.isNull((yield* offering.probe({ tls: "never" })).certificateExpiresAt)
      assert.isNotNull((yield* offering.probe({ tls: "require" })).certificateExpiresAt)
      assert.deepStrictEqual(said(yield* plain.probe({ tls: "prefer" })), ["Up", null, null])
      assert.deepStrictEqual(said(yield* plain.probe({ tls: "require" })), [
        "Down",
        "protocol",
        "the mail server does not offer STARTTLS",
      ])
    }),
  )

  it.scopedLive("must show a certificate for its host where TLS is required, unless that is to be ignored", () =>
    Effect.gen(function* () {
      const server = yield* mailServer()
      assert.deepStrictEqual(said(yield* server.probe({ tls: "require" }, "other.test")), [
        "Down",
        "tls",
        "the certificate is for another host",
      ])
      for (const taken of [{}, { tls: "require", ignoreTls: true }] as const) {
        const outcome = yield* server.probe(taken, "other.test")
        assert.deepStrictEqual(said(outcome), ["Up", null, null])
        assert.isNotNull(outcome.certificateExpiresAt)
      }
    }),
  )

  it.scopedLive("gets no password where its certificate does not verify, unless that is to be ignored", () =>
    Effect.gen(function* () {
      const server = yield* mailServer()
      const outcome = yield* server.probe({ auth: yield* auth }, "other.test")
      assert.deepStrictEqual([outcome.status, outcome.errorKind], ["Down", "tls"])
      assert.include(outcome.errorMessage ?? "", "the password would be sent as it is")
      assert.deepStrictEqual(server.logins, [])
      assert.strictEqual((yield* server.probe({ auth: yield* auth, ignoreTls: true }, "other.test")).status, "Up")
    }),
  )

  it.scopedLive("speaks TLS from the first byte where the URL says so", () =>
    Effect.gen(function* () {
      const server = yield* mailServer({ secure: true })
      const outcome = yield* server.probeSecurely({ auth: yield* auth })
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.deepStrictEqual(server.logins, [{ method: "PLAIN", isSecure: true }])
      assert.strictEqual((yield* server.probeSecurely({}, "other.test")).errorKind, "tls")
    }),
  )

  it.scopedLive.each(["PLAIN", "LOGIN"])("logs in by %s under TLS", (method) =>
    Effect.gen(function* () {
      const server = yield* mailServer({ authMethods: [method] })
      assert.deepStrictEqual(said(yield* server.probe({ auth: yield* auth })), ["Up", null, null])
      assert.deepStrictEqual(said(yield* server.probe({ auth: yield* wrongAuth })), [
        "Down",
        "protocol",
        "the mail server refuses the user name or password",
      ])
      const secure = { method, isSecure: true }
      assert.deepStrictEqual(server.logins, [secure, secure])
    }),
  )

  it.scopedLive("sends no password without TLS, unless it is told never to use it", () =>
    Effect.gen(function* () {
      const server = yield* mailServer({ hideSTARTTLS: true, allowInsecureAuth: true })
      const outcome = yield* server.probe({ auth: yield* auth })
      assert.strictEqual(outcome.errorKind, "protocol")
      assert.include(outcome.errorMessage ?? "", "a password is not sent without")
      assert.deepStrictEqual(server.logins, [])
      assert.strictEqual((yield* server.probe({ auth: yield* auth, tls: "never" })).status, "Up")
      assert.deepStrictEqual(server.logins, [{ method: "PLAIN", isSecure: false }])
    }),
  )

  it.scopedLive("is Down when the server knows no way to log in that it knows", () =>
    Effect.gen(function* () {
      const server = yield* mailServer({ authMethods: ["CRAM-MD5"] })
      assert.deepStrictEqual(said(yield* server.probe({ auth: yield* auth })), [
        "Down",
        "protocol",
        "the mail server offers no login by PLAIN or LOGIN",
      ])
    }),
  )

  it.scopedLive("is our own fault when its password cannot be read, and nothing is dialled", () =>
    Effect.gen(function* () {
      const server = yield* silentServer()
      const foreign = { auth: { username: "checker", password: yield* foreignSecret } }
      const outcome = yield* inTime(smtpProbe, yield* probeServices(), check(`127.0.0.1:${server.port}`, foreign))
      assert.strictEqual(outcome.status, "Unknown")
      assert.strictEqual(outcome.errorKind, "internal")
      assert.include(outcome.errorMessage ?? "", "another ENCRYPTION_KEY")
    }),
  )
})

/** A server that greets and gives an answer for each command by its first word. */
const scripted = (greeting: string, answers: Readonly<Record<string, string>>, heard: Array<string> = []) =>
  rawServer((socket) => {
    socket.write(greeting)
    onLine(socket, (line) => {
      heard.push(line)
      const answer = answers[line.split(" ")[0] ?? ""]
      if (answer !== undefined) socket.write(answer)
    })
  })

describe("a mail server of its own kind", () => {
  const probe = (port: number, smtp: CheckSpec["smtp"] = {}, timeoutMs = 3_000) =>
    Effect.flatMap(probeServices(), (services) =>
      inTime(smtpProbe, services, check(`127.0.0.1:${port}`, smtp, timeoutMs)),
    )

  it.scopedLive("may know HELO only", () =>
    Effect.gen(function* () {
      const heard: Array<string> = []
      const { port } = yield* scripted("220 old\r\n", { EHLO: "502 what\r\n", HELO: "250 hello\r\n", QUIT: "" }, heard)
      assert.deepStrictEqual(said(yield* probe(port)), ["Up", null, null])
      assert.deepStrictEqual(heard, ["EHLO [127.0.0.1]", "HELO [127.0.0.1]", "QUIT"])
    }),
  )

  it.scopedLive("is not waited for when it does not hang up after the goodbye, nor is that measured", () =>
    Effect.gen(function* () {
      const { port } = yield* scripted("220 hello\r\n", { EHLO: "250 hello\r\n" })
      const outcome = yield* probe(port, {}, 10_000)
      assert.strictEqual(outcome.status, "Up")
      assert.isBelow(outcome.responseTimeMs ?? Number.NaN, 400)
      assert.isBelow(outcome.phases.transfer ?? Number.NaN, 400)
    }),
  )

  it.scopedLive.each([
    ["greets with a refusal", "554 go away\r\n", {}, "the mail server refuses the connection"],
    ["is busy", "421 busy\r\n", {}, "the mail server refuses the connection"],
    [
      "refuses every hello",
      "220 x\r\n",
      { EHLO: "550 no\r\n", HELO: "550 no\r\n" },
      "the mail server refuses EHLO and HELO",
    ],
    [
      "offers TLS and refuses it",
      "220 x\r\n",
      { EHLO: "250-x\r\n250 STARTTLS\r\n", STARTTLS: "454 no\r\n" },
      "the mail server refuses to begin TLS",
    ],
  ] as const)("is Down when it %s", ([_, greeting, answers, message]) =>
    Effect.gen(function* () {
      const { port } = yield* scripted(greeting, answers)
      const outcome = yield* probe(port)
      assert.deepStrictEqual(said(outcome), ["Down", "protocol", message])
    }),
  )

  it.scopedLive("is Down for now when it cannot check a password, and shows what it said of itself", () =>
    Effect.gen(function* () {
      const answers = { EHLO: "250-x\r\n250-SIZE 10\r\n250 AUTH PLAIN\r\n", AUTH: "454 later\r\n" }
      const { port } = yield* scripted("220 mail ready\r\n", answers)
      const outcome = yield* probe(port, { auth: yield* auth, tls: "never" })
      assert.deepStrictEqual(said(outcome), [
        "Down",
        "protocol",
        "the mail server cannot check the user name and password now",
      ])
      assert.strictEqual(outcome.evidence?.body, "mail ready\nSIZE 10\nAUTH PLAIN")
    }),
  )
})

behavesAsSocketProbe({
  probe: smtpProbe,
  check: (host, timeoutMs) => check(host, {}, timeoutMs),
  endless: [
    ["lines of a greeting", "", "220-hello\r\n"],
    ["one line", "220 ", "x"],
    ["zeros", "220 ", Buffer.alloc(64)],
  ],
})
