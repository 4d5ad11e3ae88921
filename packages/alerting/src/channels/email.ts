import { lineOfText } from "@uptime/domain/Text"
import { Schema } from "effect"
import { headline } from "../AlertText.ts"
import type { Channel, SmtpServer } from "../Channel.ts"
import { EmailAddress, HostName, optional } from "../ChannelFields.ts"
import { html, plainText, summary } from "../Markup.ts"
import { cut, oneLine } from "../TextLimit.ts"

/**
 * Email, through the installation's own SMTP server unless another is given.
 *
 * @param secret how secrets are written
 */
export const emailConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("email"),
    to: Schema.Array(EmailAddress).pipe(Schema.minItems(1), Schema.maxItems(20)),
    server: optional(
      Schema.Struct({
        host: HostName,
        /** 465 for `tls` and 587 otherwise, unless given. */
        port: optional(Schema.Int.pipe(Schema.between(1, 65_535))),
        /** `starttls` unless given: a server that does not offer it gets nothing. */
        security: optional(Schema.Literal("starttls", "tls", "none")),
        auth: optional(Schema.Struct({ username: lineOfText(1, 200), password: secret })),
        from: EmailAddress,
      }),
    ),
  })
type Config = ReturnType<typeof emailConfig<string, string>>["Type"]

/** Room for all that there can be to say, also where every character of it is one that HTML escapes. */
const maxBody = 150_000

/** Email (RFC 5322): `Message-ID` from the idempotency key, and `References` that make one thread of an incident. */
export const email: Channel<Config> = {
  label: "Email",
  message: (config, alert) => {
    const subject = headline(alert)
    const sentBy = oneLine(alert.sentBy)
    return {
      _tag: "Mail",
      to: config.to,
      subject: cut(subject, 200),
      text: `${subject}\n\n${summary(plainText, alert, maxBody)}\n\n-- \n${sentBy}\n`,
      html: page(html.text(subject), summary(html, alert, maxBody), html.text(sentBy)),
      messageName: alert.idempotencyKey,
      threadName: `incident.${alert.incidentId}`,
      server: serverOf(config),
    }
  },
}

const page = (title: string, body: string, footer: string): string =>
  `<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>${title}</title></head><body>\n<h2>${title}</h2>\n` +
  `<p>${body}</p>\n<p><small>${footer}</small></p>\n</body></html>\n`

const serverOf = ({ server }: Config): SmtpServer | null => {
  if (server === undefined) return null
  const { auth, from, host, port, security = "starttls" } = server
  return {
    host,
    port: port ?? (security === "tls" ? 465 : 587),
    security,
    username: auth?.username ?? null,
    password: auth?.password ?? null,
    from,
  }
}
