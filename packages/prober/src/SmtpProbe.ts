import { Effect, type Scope } from "effect"
import { Conversation, underTls } from "./Conversation.ts"
import { dial, secure } from "./Dial.ts"
import { failure, type ProbeFailure, unverifiedLogin } from "./ProbeFailure.ts"
import type { ProbeRun } from "./ProbeRun.ts"
import type { Reply } from "./ReplyLines.ts"
import { command, greeting, hello, offersNoStartTls, startTls } from "./SmtpDialogue.ts"
import { readSecret, socketProbe, type Target } from "./SocketProbe.ts"

/** The most that is read, in bytes. */
const limit = 65_536

const refused = failure("protocol", "the mail server refuses the user name or password")
const busy = failure("protocol", "the mail server cannot check the user name and password now")
const unknownLogin = failure("protocol", "the mail server offers no login by PLAIN or LOGIN")
const openLogin = failure(
  "protocol",
  'the mail server offers no TLS, and a password is not sent without: say tls "never" if it may be',
)

/**
 * One check of a mail server: its greeting, `EHLO`, `STARTTLS` as the check says, a login where it has one, `QUIT`. No mail
 * is sent. What conditions see is the greeting and what the server says it can do.
 *
 * @returns never fails
 */
export const smtpProbe = socketProbe(
  Effect.fnUntraced(function* (run, target) {
    const { auth } = run.spec.smtp ?? {}
    const password = auth === undefined ? "" : yield* readSecret(run, auth.password)
    const { conversation, extensions } = yield* introduced(run, target)
    if (auth !== undefined)
      yield* logIn(conversation, extensions, auth.username, password, run.spec.smtp?.tls === "never")
    yield* conversation.farewell("QUIT\r\n")
    return null
  }),
)

interface Introduced {
  readonly conversation: Conversation
  readonly extensions: ReadonlyArray<string>
}

const introduced = Effect.fnUntraced(function* (
  run: ProbeRun,
  target: Target,
): Effect.fn.Return<Introduced, ProbeFailure, Scope.Scope> {
  const { ignoreTls = false, tls = "prefer" } = run.spec.smtp ?? {}
  const { trace } = run
  const options = { host: target.tlsHost, ignoreTls }
  const socket = yield* dial(run, target.host, target.port)
  const isSecure = target.scheme === "smtps"
  const used = isSecure ? yield* secure(run, socket, options) : socket
  const first = yield* Conversation.open(run, used, { limit })
  trace.body = (yield* greeting(first)).lines.join("\n")
  const offered = yield* hello(first)
  trace.body += `\n${offered.join("\n")}`
  if (isSecure || tls === "never" || (tls === "prefer" && !offered.includes("STARTTLS"))) {
    return { conversation: first, extensions: offered }
  }
  if (!offered.includes("STARTTLS")) return yield* Effect.fail(offersNoStartTls)
  yield* startTls(first)
  const conversation = yield* underTls(run, first, options, { limit, isOpportunistic: tls === "prefer" })
  // All that was said before must be forgotten (RFC 3207, section 4.2).
  const extensions = yield* hello(conversation)
  trace.body += `\n${extensions.join("\n")}`
  return { conversation, extensions }
})

/** @param isOpen whether the password may be sent without TLS */
const logIn = Effect.fnUntraced(function* (
  conversation: Conversation,
  extensions: ReadonlyArray<string>,
  username: string,
  password: string,
  isOpen: boolean,
): Effect.fn.Return<void, ProbeFailure> {
  if (!conversation.isConfidential && !isOpen) {
    return yield* Effect.fail(conversation.isEncrypted ? unverifiedLogin : openLogin)
  }
  const mechanisms = extensions.find((line) => /^AUTH[ =]/.test(line))?.split(/[ =]/) ?? []
  if (mechanisms.includes("PLAIN")) {
    // RFC 4616: whom to act for (oneself), who one is, and the password.
    return yield* accepted(yield* command(conversation, `AUTH PLAIN ${base64(`\0${username}\0${password}`)}`))
  }
  if (!mechanisms.includes("LOGIN")) return yield* Effect.fail(unknownLogin)
  for (const line of ["AUTH LOGIN", base64(username)]) {
    const reply = yield* command(conversation, line)
    if (reply.code !== 334) return yield* accepted(reply)
  }
  return yield* accepted(yield* command(conversation, base64(password)))
})

const accepted = ({ code }: Reply): Effect.Effect<void, ProbeFailure> =>
  code === 235 ? Effect.void : Effect.fail(code >= 400 && code < 500 ? busy : refused)

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64")
