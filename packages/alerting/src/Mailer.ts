import type { Socket } from "node:net"
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls"
import { type GuardedHttpError, guardedConnection } from "@uptime/prober/GuardedHttp"
import { certificateFailure, handshakeFailure } from "@uptime/prober/ProbeFailure"
import { Resolver } from "@uptime/prober/Resolver"
import type { TargetPolicy } from "@uptime/prober/TargetGuard"
import { Clock, Context, Effect, Layer, Option, Redacted } from "effect"
import { createTransport, type NodemailerError } from "nodemailer"
import type { MailMessage, SmtpServer } from "./Channel.ts"
import { DeliveryFailed } from "./DeliveryFailed.ts"

export interface MailerOptions {
  /** The installation's own server, for channels that name none. */
  readonly installation: Option.Option<Redacted.Redacted<SmtpServer>>
  /** Certificate authorities to trust besides those of Node, as PEM texts. */
  readonly certificateAuthorities?: ReadonlyArray<string>
}

/** Sends email by SMTP. */
export class Mailer extends Context.Tag("@uptime/alerting/Mailer")<
  Mailer,
  {
    /**
     * Sends one email on a connection of its own. A server that a channel names is dialled through the target guard; the
     * installation's own, which its operator chose, may be private too. It fails as well where the server took the email for
     * some of its recipients alone; who is left may be tried again where the server refused one of them only for now.
     *
     * @param withinMs how long it may take, in milliseconds
     */
    readonly send: (message: MailMessage, withinMs: number) => Effect.Effect<void, DeliveryFailed>
    /** Whether the installation has a server of its own, for messages that name none. */
    readonly hasServer: boolean
  }
>() {
  /** With the lookups that it is given. */
  static readonly layerNoDeps = (policy: TargetPolicy, options: MailerOptions): Layer.Layer<Mailer, never, Resolver> =>
    Layer.effect(
      Mailer,
      Effect.map(Resolver, (resolver) => {
        const authorities = options.certificateAuthorities ?? []
        const secureContext = createSecureContext(
          authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] },
        )
        return Mailer.of({
          hasServer: Option.isSome(options.installation),
          send: (message, withinMs) => {
            const own = Option.getOrNull(Option.map(options.installation, Redacted.value))
            const server = message.server ?? own
            if (server === null) return Effect.fail(noServer)
            const allowed = message.server === null ? { ...policy, allowPrivate: true } : policy
            return guardedConnection(allowed, resolver, server.host, server.port, withinMs).pipe(
              Effect.mapError(unconnected),
              Effect.flatMap((socket) => sendOver(socket, secureContext, server, message)),
              Effect.scoped,
              Effect.timeoutFail({
                duration: withinMs,
                onTimeout: () => failed(true, `no answer: the mail server was not done within ${withinMs} ms`),
              }),
            )
          },
        })
      }),
    )

  /** With this machine's lookups. */
  static readonly layer = (policy: TargetPolicy, options: MailerOptions): Layer.Layer<Mailer> =>
    Mailer.layerNoDeps(policy, options).pipe(Layer.provide(Resolver.layer))
}

const failed = (retryable: boolean, message: string): DeliveryFailed =>
  new DeliveryFailed({ retryable, retryAfterMs: null, message })

const noServer = failed(
  true,
  "not sent: this installation has no mail server (SMTP_URL, SMTP_FROM), and the channel names none",
)

const unconnected = ({ message, reason }: GuardedHttpError): DeliveryFailed =>
  reason === "blocked" ? failed(false, `not sent: ${message}`) : failed(true, `no answer: ${message}`)

/** Speaks SMTP on a connection that has been made: no name is looked up from here on. */
const sendOver = (
  socket: Socket,
  secureContext: SecureContext,
  server: SmtpServer,
  message: MailMessage,
): Effect.Effect<void, DeliveryFailed> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.async<void, DeliveryFailed>((resume) => {
      const { host, password, security, username } = server
      const transport = createTransport({
        host: host.replace(/\.$/, ""),
        connection: socket,
        secure: security === "tls",
        requireTLS: security === "starttls",
        ignoreTLS: security === "none",
        tls: { secureContext },
        disableFileAccess: true,
        disableUrlAccess: true,
        ...(username === null ? {} : { auth: { user: username, pass: password ?? "" } }),
      })
      transport.sendMail(mailOf(server, message, now), (error, info) =>
        resume(error === null ? takenFor(message.to, info.rejectedErrors ?? []) : Effect.fail(refused(error))),
      )
    }),
  )

const mailOf = (server: SmtpServer, message: MailMessage, nowMs: number) => {
  const domain = server.from.slice(server.from.lastIndexOf("@") + 1)
  const thread = messageId(message.threadName, domain)
  return {
    from: { name: "", address: server.from },
    to: message.to.map((address) => ({ name: "", address })),
    subject: message.subject,
    text: message.text,
    html: message.html,
    date: new Date(nowMs),
    messageId: messageId(message.messageName, domain),
    inReplyTo: thread,
    references: thread,
    // Keeps autoresponders from answering (RFC 3834).
    headers: {
      "Auto-Submitted": "auto-generated",
      ...(message.unsubscribeUrl === undefined
        ? {}
        : {
            "List-Unsubscribe": `<${message.unsubscribeUrl}>`,
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
          }),
    },
  }
}

/** A message identifier, whose left side is a dot-atom (RFC 5322, section 3.6.4). */
const messageId = (name: string, domain: string): string =>
  `<${name.replace(/[^A-Za-z0-9-]+/g, ".").replace(/^\.|\.$/g, "")}@${domain}>`

/**
 * What comes of an email that a server took.
 *
 * @param refusals of those recipients whom it did not take it for
 */
const takenFor = (
  to: ReadonlyArray<string>,
  refusals: ReadonlyArray<NodemailerError>,
): Effect.Effect<void, DeliveryFailed> => {
  const refusedNow = refusals.find(({ responseCode = 0 }) => responseCode < 500)
  const refusal = refusedNow ?? refusals[0]
  if (refusal === undefined) return Effect.void
  // What was asked for has the host's name in small letters.
  const asked = new Set(refusals.map(({ recipient = "" }) => recipient.toLowerCase()))
  return new DeliveryFailed({
    retryable: refusedNow !== undefined,
    retryAfterMs: null,
    message: `the mail server refused recipients with status ${refusal.responseCode ?? "unknown"}`,
    left: to.filter((address) => asked.has(address.toLowerCase())),
  })
}

/** What SMTP calls transient is tried again, what it calls permanent is not (RFC 5321, section 4.2.1). */
const refused = (error: Error): DeliveryFailed => {
  const code = textOf(error, "code")
  const status = Reflect.get(error, "responseCode")
  if (code === "ETLS") return failed(true, "not sent: the mail server offers no STARTTLS, or refuses it")
  if (typeof status === "number" && status >= 400) {
    const what = code === "EAUTH" ? "the credentials" : "the message"
    return failed(status < 500, `the mail server refused ${what} with status ${status}`)
  }
  if (code === "EAUTH") return failed(false, "the mail server offers no way to log in that is known here")
  if (code === "EENVELOPE" || code === "EMESSAGE") return failed(false, "the message cannot be sent as an email")
  return failed(true, `no answer: ${brokenBy(textOf(error, "originalCode"))}`)
}

/** Why the connection ended, by the code of OpenSSL or Node: those of the system are all in one piece. */
const brokenBy = (code: string): string => {
  if (!code.includes("_")) return "the connection to the mail server broke off"
  return (code.startsWith("ERR_SSL_") ? handshakeFailure(code) : certificateFailure(code)).message
}

const textOf = (error: Error, name: string): string => {
  const value = Reflect.get(error, name)
  return typeof value === "string" ? value : ""
}
