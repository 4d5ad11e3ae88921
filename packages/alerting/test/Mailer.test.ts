import { createServer } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import type { Alert } from "@uptime/alerting/Alert"
import type { MailMessage, SmtpServer } from "@uptime/alerting/Channel"
import { messageOf } from "@uptime/alerting/Channels"
import { deliver } from "@uptime/alerting/Delivery"
import { Mailer } from "@uptime/alerting/Mailer"
import { publicOnly, type TargetPolicy } from "@uptime/prober/TargetGuard"
import { authority } from "@uptime/testing/Certificates"
import { Duration, Effect, Layer, Option, Redacted } from "effect"
import { SMTPServer, type SMTPServerOptions } from "smtp-server"
import { hostileTexts, monitor, opened, reminder, resolved } from "./Alerts.ts"
import { fakeResolver, guardedHttp, loopbackPolicy } from "./Receiver.ts"

/** An email as a server got it. */
interface ReceivedMail {
  readonly from: string
  readonly to: ReadonlyArray<string>
  readonly user: string | undefined
  readonly isSecure: boolean
  /** The text from the first header to the end. */
  readonly raw: string
}

const certificate = Effect.runSync(
  Effect.cached(
    Effect.gen(function* () {
      const root = yield* authority
      return { authority: root.cert, ...(yield* root.issue({ names: ["mail.test"] })) }
    }),
  ),
)

/** An SMTP server on a free port of 127.0.0.1. */
const smtpServer = (options: SMTPServerOptions = {}) =>
  Effect.gen(function* () {
    const mails: Array<ReceivedMail> = []
    const { authority, cert, key } = yield* certificate
    const server = new SMTPServer({
      disableReverseLookup: true,
      authOptional: true,
      cert,
      key,
      ...options,
      onData: (stream, session, done) => {
        const chunks: Array<Buffer> = []
        stream.on("data", (chunk: Buffer) => chunks.push(chunk))
        stream.on("end", () => {
          const { mailFrom, rcptTo } = session.envelope
          mails.push({
            from: mailFrom === false ? "" : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            user: session.user,
            isSecure: session.secure,
            raw: Buffer.concat(chunks).toString(),
          })
          done()
        })
      },
    })
    server.on("error", () => undefined)
    const port = yield* Effect.acquireRelease(
      Effect.async<number>((resume) => {
        const listener = server.listen(0, "127.0.0.1", () => {
          const address = listener.address()
          resume(typeof address === "object" && address !== null ? Effect.succeed(address.port) : Effect.die("no port"))
        })
      }),
      () => Effect.async<void>((resume) => server.close(() => resume(Effect.void))),
    )
    return { port, mails, authority }
  })

interface MailerSetup {
  readonly policy?: TargetPolicy
  readonly installation?: SmtpServer
  readonly authorities?: ReadonlyArray<string>
}

const mailer = ({ authorities = [], installation, policy = loopbackPolicy }: MailerSetup = {}) =>
  Mailer.layerNoDeps(policy, {
    installation: Option.map(Option.fromNullable(installation), Redacted.make<SmtpServer>),
    certificateAuthorities: authorities,
  }).pipe(Layer.provide(fakeResolver({ "mail.test": ["127.0.0.1"], "other.test": ["127.0.0.1"] })))

const plainServer = (port: number): SmtpServer => ({
  host: "mail.test",
  port,
  security: "none",
  username: null,
  password: null,
  from: "uptime@status.example.com",
})

const mailOf = (alert: Alert, server: SmtpServer | null): MailMessage => {
  const message = messageOf({ kind: "email", to: ["ops@example.com", "night@example.com"] }, alert)
  if (message._tag !== "Mail") throw new Error("an email is no request")
  return { ...message, server }
}

const send = (alert: Alert, server: SmtpServer | null, withinMs = 5_000) =>
  Effect.flatMap(Mailer, (mailer) => mailer.send(mailOf(alert, server), withinMs))

/** The headers of an email, unfolded, by lower-case name. */
const headersOf = (mail: ReceivedMail | undefined): ReadonlyMap<string, string> => {
  const head = (mail?.raw ?? "").split("\r\n\r\n")[0] ?? ""
  return new Map(
    head
      .replace(/\r\n[ \t]+/g, " ")
      .split("\r\n")
      .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  )
}

describe("an email", () => {
  it.scopedLive("says how what it is sent for is ended in one click, where somebody subscribed to it", () =>
    Effect.gen(function* () {
      const { mails, port } = yield* smtpServer()
      const unsubscribeUrl = "https://status.example.com/unsubscribe?token=abc_-123"
      const deliver = (message: MailMessage) => Effect.flatMap(Mailer, ({ send }) => send(message, 5_000))
      yield* deliver({ ...mailOf(opened, null), unsubscribeUrl }).pipe(
        Effect.zipRight(deliver(mailOf(opened, null))),
        Effect.provide(mailer({ installation: plainServer(port) })),
      )
      assert.strictEqual(headersOf(mails[0]).get("list-unsubscribe"), `<${unsubscribeUrl}>`)
      assert.strictEqual(headersOf(mails[0]).get("list-unsubscribe-post"), "List-Unsubscribe=One-Click")
      assert.isFalse(headersOf(mails[1]).has("list-unsubscribe"))
    }),
  )

  it.scopedLive("goes to everybody, as text and as HTML, from the server's own sender", () =>
    Effect.gen(function* () {
      const { mails, port } = yield* smtpServer()
      yield* send(opened, plainServer(port))
      const [mail] = mails
      if (mail === undefined) return assert.fail("no email came")
      assert.strictEqual(mail.from, "uptime@status.example.com")
      assert.deepStrictEqual(mail.to, ["ops@example.com", "night@example.com"])
      assert.strictEqual(headersOf(mail).get("subject"), "api.example.com is down")
      assert.strictEqual(headersOf(mail).get("auto-submitted"), "auto-generated")
      assert.match(headersOf(mail).get("content-type") ?? "", /^multipart\/alternative/)
      assert.include(mail.raw, "Content-Type: text/plain; charset=utf-8")
      assert.include(mail.raw, "Content-Type: text/html; charset=utf-8")
      assert.include(mail.raw, "USA: Down: connection refused")
    }).pipe(Effect.provide(mailer())),
  )

  it.scopedLive("has an id of its own, the same on every try, and one thread with all of its incident", () =>
    Effect.gen(function* () {
      const { mails, port } = yield* smtpServer()
      for (const alert of [opened, opened, reminder, resolved]) yield* send(alert, plainServer(port))
      const [first, again, third, last] = mails.map(headersOf)
      assert.strictEqual(first?.get("message-id"), again?.get("message-id"))
      assert.match(first?.get("message-id") ?? "", /^<[0-9a-f.-]+\.opened\.[0-9a-f.-]+@status\.example\.com>$/)
      assert.lengthOf([...new Set([first, third, last].map((headers) => headers?.get("message-id")))], 3)
      const thread = `<incident.${opened.incidentId}@status.example.com>`
      for (const headers of [first, third, last]) {
        assert.strictEqual(headers?.get("references"), thread)
        assert.strictEqual(headers?.get("in-reply-to"), thread)
      }
    }).pipe(Effect.provide(mailer())),
  )

  it.scopedLive("stays one email, to the same people, whatever things are called", () =>
    Effect.gen(function* () {
      const { mails, port } = yield* smtpServer()
      for (const text of hostileTexts.filter((_, i) => i % 4 === 0)) {
        yield* send({ ...opened, monitors: [{ ...monitor, name: text }], note: text, sentBy: text }, plainServer(port))
      }
      for (const mail of mails) {
        assert.lengthOf(mail.to, 2)
        assert.isFalse(headersOf(mail).has("bcc"))
      }
    }).pipe(Effect.provide(mailer())),
  )
})

describe("a mail server", () => {
  it.scopedLive("is spoken to over STARTTLS, and logged in to", () =>
    Effect.gen(function* () {
      const { authority, mails, port } = yield* smtpServer({
        authOptional: false,
        onAuth: ({ password, username }, _, done) =>
          password === "p4ss" ? done(null, { user: username ?? "" }) : done(new Error("no")),
      })
      const server: SmtpServer = { ...plainServer(port), security: "starttls", username: "bot", password: "p4ss" }
      const layer = mailer({ authorities: [authority] })
      yield* Effect.provide(send(opened, server), layer)
      assert.deepStrictEqual(
        mails.map(({ isSecure, user }) => ({ isSecure, user })),
        [{ isSecure: true, user: "bot" }],
      )
      const wrong = yield* Effect.flip(Effect.provide(send(opened, { ...server, password: "s3cr3t" }), layer))
      assert.isFalse(wrong.retryable)
      assert.strictEqual(wrong.message, "the mail server refused the credentials with status 535")
      const other = yield* Effect.flip(Effect.provide(send(opened, { ...server, host: "other.test" }), layer))
      assert.include(other.message, "certificate")
      const stranger = yield* Effect.flip(Effect.provide(send(opened, server), mailer()))
      assert.include(stranger.message, "certificate")
      assert.lengthOf(mails, 1)
    }),
  )

  it.scopedLive("is spoken to over TLS from the first byte", () =>
    Effect.gen(function* () {
      const { authority, mails, port } = yield* smtpServer({ secure: true })
      yield* send(opened, { ...plainServer(port), security: "tls" }).pipe(
        Effect.provide(mailer({ authorities: [authority] })),
      )
      assert.deepStrictEqual(
        mails.map(({ isSecure }) => isSecure),
        [true],
      )
    }),
  )

  it.scopedLive("gets nothing in plain when it offers no STARTTLS", () =>
    Effect.gen(function* () {
      const { mails, port } = yield* smtpServer({ hideSTARTTLS: true, disabledCommands: ["STARTTLS"] })
      const error = yield* Effect.flip(
        send(opened, { ...plainServer(port), security: "starttls", username: "bot", password: "s3cr3t" }),
      )
      assert.isTrue(error.retryable)
      assert.notInclude(error.message, "s3cr3t")
      assert.lengthOf(mails, 0)
    }).pipe(Effect.provide(mailer())),
  )

  const codes: ReadonlyArray<readonly [number, boolean]> = [
    [421, true],
    [450, true],
    [452, true],
    [550, false],
    [552, false],
    [554, false],
  ]
  it.scopedLive.each(codes)("that refuses with %d is asked again: %s", ([responseCode, retryable]) =>
    Effect.gen(function* () {
      const refuse = () => Object.assign(new Error("go away s3cr3t"), { responseCode })
      const { mails, port } = yield* smtpServer({ onRcptTo: (_, __, done) => done(refuse()) })
      const error = yield* Effect.flip(send(opened, plainServer(port)))
      assert.strictEqual(error.retryable, retryable)
      assert.strictEqual(error.message, `the mail server refused the message with status ${responseCode}`)
      assert.lengthOf(mails, 0)
    }).pipe(Effect.provide(mailer())),
  )

  const someRefused: ReadonlyArray<
    readonly [Readonly<Record<string, number>>, ReadonlyArray<string>, boolean, number]
  > = [
    [{ night: 550 }, ["night@Example.com"], false, 550],
    [{ night: 450 }, ["night@Example.com"], true, 450],
    [{ ops: 550, night: 450 }, ["ops@example.com", "night@Example.com"], true, 450],
  ]
  it.scopedLive.each(someRefused)("that refuses some recipients is asked for them alone again: %j", (world) =>
    Effect.gen(function* () {
      const [codes, left, retryable, status] = world
      const { mails, port } = yield* smtpServer({
        onRcptTo: ({ address }, _, done) => {
          const responseCode = codes[address.split("@")[0] ?? ""]
          return responseCode === undefined ? done() : done(Object.assign(new Error("s3cr3t"), { responseCode }))
        },
      })
      const to = ["ann@example.com", "ops@example.com", "night@Example.com"]
      const mail = { ...mailOf(opened, plainServer(port)), to }
      const error = yield* Effect.flip(Effect.flatMap(Mailer, (mailer) => mailer.send(mail, 5_000)))
      assert.deepInclude(error, {
        retryable,
        left,
        message: `the mail server refused recipients with status ${status}`,
      })
      assert.strictEqual(error.reason, `${error.message}; not delivered to ${left.join(", ")}, but to all others`)
      assert.deepStrictEqual(
        mails.map((received) => received.to.length),
        [3 - left.length],
      )
    }).pipe(Effect.provide(mailer())),
  )

  it.scopedLive("that is not there, breaks off or says nothing is asked again, in time", () =>
    Effect.gen(function* () {
      const { port: gone } = yield* Effect.scoped(smtpServer())
      const closed = yield* Effect.flip(send(opened, plainServer(gone)))
      assert.include(closed.message, "connection refused")
      for (const greet of [false, true]) {
        const { closedAgain, port } = yield* rudeServer(greet)
        const [took, error] = yield* Effect.timed(Effect.flip(send(opened, plainServer(port), 400)))
        assert.isTrue(error.retryable)
        assert.match(error.message, /^no answer: [a-z0-9 ]+$/)
        assert.isBelow(Duration.toMillis(took), 2_000)
        yield* closedAgain
      }
    }).pipe(Effect.provide(mailer())),
  )

  it.scopedLive("of the installation's own is used where a channel names none, and may be private", () =>
    Effect.gen(function* () {
      const { mails, port } = yield* smtpServer()
      const own = mailer({ policy: publicOnly, installation: plainServer(port) })
      yield* deliver({ kind: "email", to: ["ops@example.com"] }, opened).pipe(
        Effect.provide(Layer.merge(own, guardedHttp())),
      )
      assert.lengthOf(mails, 1)
      const refused = yield* Effect.flip(Effect.provide(send(opened, plainServer(port)), own))
      assert.isFalse(refused.retryable)
      assert.notInclude(refused.message, "127")
      const none = yield* Effect.flip(Effect.provide(send(opened, null), mailer()))
      assert.include(none.message, "SMTP_URL")
      assert.lengthOf(mails, 1)
    }),
  )
})

/** A server that greets and then breaks off, or says nothing at all. */
const rudeServer = (greets: boolean) =>
  Effect.gen(function* () {
    let isClosed = false
    let onClosed = () => {}
    const server = createServer((socket) => {
      socket.on("error", () => undefined)
      socket.on("close", () => {
        isClosed = true
        onClosed()
      })
      if (greets) {
        socket.write("220 hello\r\n")
        socket.once("data", () => socket.destroy())
      }
    })
    const port = yield* Effect.acquireRelease(
      Effect.async<number>((resume) => {
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          resume(typeof address === "object" && address !== null ? Effect.succeed(address.port) : Effect.die("no port"))
        })
      }),
      () =>
        Effect.async<void>((resume) => {
          server.close(() => resume(Effect.void))
        }),
    )
    const closedAgain = Effect.async<void>((resume) => {
      onClosed = () => resume(Effect.void)
      if (isClosed) onClosed()
    })
    return { port, closedAgain }
  })
