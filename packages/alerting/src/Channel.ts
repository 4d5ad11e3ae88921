import type { GuardedResponse } from "@uptime/prober/GuardedHttp"
import { Encoding } from "effect"
import type { Alert } from "./Alert.ts"

/** A message as an HTTP request. It may hold secrets in its URL, headers and body: none of these are ever shown. */
export interface HttpMessage {
  readonly _tag: "Http"
  readonly method: "POST" | "PUT"
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** What it is signed with by Standard Webhooks when it is sent; null for messages that are not signed. */
  readonly signingSecret: string | null
}

/** How an SMTP server is reached, with its password in plain. */
export interface SmtpServer {
  readonly host: string
  readonly port: number
  /** `tls` from the first byte, `starttls` before anything else is said, or `none`. */
  readonly security: "tls" | "starttls" | "none"
  readonly username: string | null
  readonly password: string | null
  /** The sender's address. */
  readonly from: string
}

/** A message as an email. */
export interface MailMessage {
  readonly _tag: "Mail"
  readonly to: ReadonlyArray<string>
  readonly subject: string
  readonly text: string
  readonly html: string
  /** What is before the `@` of its `Message-ID`: the same on every try. */
  readonly messageName: string
  /** What is before the `@` of the identifier that all messages of one incident refer to. */
  readonly threadName: string
  /** The channel's own server; null for the installation's. */
  readonly server: SmtpServer | null
  /** Where a `POST` ends what this email is sent for (RFC 8058); left out of emails that nobody subscribed to. */
  readonly unsubscribeUrl?: string
}

/** A way to reach people. Pure: what it says is sent by `deliver`. */
export interface Channel<Config> {
  /** The provider's name, as people write it. */
  readonly label: string
  /**
   * The message that tells people of an alert.
   *
   * @param config the channel's settings, with secrets in plain
   */
  readonly message: (config: Config, alert: Alert) => HttpMessage | MailMessage
  /** What is asked for before that message, such as that telephones stop ringing; null where there is nothing to ask for. */
  readonly withdrawal?: (config: Config, alert: Alert) => HttpMessage | null
  /** Whether an answer of 200 to 299 says that the message was taken; every such answer does unless given. */
  readonly isDelivered?: (answer: GuardedResponse) => boolean
  /** What statuses mean here that say that a message was not taken, as the end of a sentence in words of ours. */
  readonly refusals?: Readonly<Record<number, string>>
  /** Whether what a message opens there stays open until one says that it is over. */
  readonly keepsOpen?: true
  /** For how many seconds an answer's body asks to be left alone; null or left out where only `Retry-After` says so. */
  readonly retryAfterSeconds?: (answer: GuardedResponse) => number | null
}

/** A `POST` of JSON. */
export const postJson = (url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpMessage => ({
  _tag: "Http",
  method: "POST",
  url,
  headers: { ...headers, "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify(body),
  signingSecret: null,
})

/** A `POST` of a form (`application/x-www-form-urlencoded`). */
export const postForm = (
  url: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): HttpMessage => ({
  _tag: "Http",
  method: "POST",
  url,
  headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams(fields).toString(),
  signingSecret: null,
})

/** The credentials of Basic authentication (RFC 7617), in UTF-8. */
export const basicAuthorization = (username: string, password: string): Readonly<Record<string, string>> => ({
  authorization: `Basic ${Encoding.encodeBase64(`${username}:${password}`)}`,
})

/** A bearer token (RFC 6750). */
export const bearerAuthorization = (token: string): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${token}`,
})

/** A text as one segment of a URL's path, whatever is in it; a colon stands there as it is (RFC 3986, section 3.3). */
export const pathSegment = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll("%3A", ":")

/** What an answer holds as JSON under a name; undefined when it is no JSON object. */
export const jsonField = ({ body }: GuardedResponse, name: string): unknown => {
  try {
    const json: unknown = JSON.parse(body)
    return typeof json === "object" && json !== null ? Reflect.get(json, name) : undefined
  } catch {
    return undefined
  }
}
