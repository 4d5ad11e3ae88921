import { optional, optionalSecret } from "@uptime/runtime/Variable"
import { Config, ConfigError, Either, Option, Redacted, Schema } from "effect"
import type { SmtpServer } from "./Channel.ts"
import { EmailAddress, HostName } from "./ChannelFields.ts"

const isEmailAddress = Schema.is(EmailAddress)
const isHostName = Schema.is(HostName)

/**
 * How an SMTP server is reached, from a URL: `smtps:` is TLS from the first byte (port 465), `smtp:` is STARTTLS (587), and
 * with `?security=none` nothing (25). User name and password are percent-encoded in front of the host.
 *
 * @returns what the URL must be, as the end of a sentence, where it is not
 */
export const parseSmtpUrl = (text: string): Either.Either<Omit<SmtpServer, "from">, string> => {
  const expected = Either.left(
    "an smtp or smtps URL with a host, its user name and password percent-encoded, and at most ?security=none",
  )
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^smtps?:$/.test(url.protocol) || !/^(?:\?security=none)?$/.test(url.search)) return expected
  const host = url.hostname.replace(/^\[|\]$/g, "")
  const username = decoded(url.username)
  const password = decoded(url.password)
  if (!/^\/?$/.test(url.pathname) || url.hash !== "" || url.port === "0" || !isHostName(host)) return expected
  if (username === null || password === null || (username === "" && password !== "")) return expected
  const security = url.protocol === "smtps:" ? "tls" : url.search === "" ? "starttls" : "none"
  if (security === "tls" && url.search !== "") return expected
  return Either.right({
    host,
    port: url.port === "" ? { tls: 465, starttls: 587, none: 25 }[security] : Number(url.port),
    security,
    username: username === "" ? null : username,
    password: username === "" ? null : password,
  })
}

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

const smtpUrl = optionalSecret("SMTP_URL", {
  example: "smtps://user:password@mail.example.com",
  parse: (text) => Either.map(parseSmtpUrl(text), () => text),
})

const smtpFrom = optional("SMTP_FROM", {
  example: "uptime@example.com",
  parse: (text) => (isEmailAddress(text) ? Either.right(text) : Either.left("an email address")),
})

/**
 * The installation's own SMTP server: `SMTP_URL` and `SMTP_FROM`, the sender's address, both or neither. Without them only
 * channels that name a server of their own send email.
 */
export const smtpConfig: Config.Config<Option.Option<Redacted.Redacted<SmtpServer>>> = Config.all([
  smtpUrl,
  smtpFrom,
]).pipe(
  Config.mapOrFail(([url, from]) => {
    if (Option.isNone(url) && Option.isNone(from)) return Either.right(Option.none())
    if (Option.isNone(url) || Option.isNone(from)) {
      return Either.left(
        ConfigError.MissingData([], "SMTP_URL and SMTP_FROM belong together; for example SMTP_FROM=uptime@example.com"),
      )
    }
    return Either.mapBoth(parseSmtpUrl(Redacted.value(url.value)), {
      onLeft: (expected) => ConfigError.InvalidData([], `SMTP_URL must be ${expected}`),
      onRight: (server) => Option.some(Redacted.make({ ...server, from: from.value })),
    })
  }),
)
