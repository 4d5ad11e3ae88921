import { lineOfText } from "@uptime/domain/Text"
import { Schema } from "effect"
import { basicAuthorization, bearerAuthorization } from "./Channel.ts"

const urlText = Schema.String.pipe(Schema.maxLength(2_048))

/** Where messages are sent: an http or https URL without a user name in it. */
export const WebUrl = urlText.pipe(
  Schema.filter((text) => isWebUrl(text) || "an http or https URL without a user name or a password", {
    arbitrary: () => (fc) => fc.constantFrom("https://example.com/hook?id=1", "http://hooks.example.org:8080/"),
  }),
)

/** Where a server that people run themselves is: as `WebUrl`, without query and fragment. */
export const ServerUrl = urlText.pipe(
  Schema.filter(
    (text) => (isWebUrl(text) && !/[?#]/.test(text)) || "an http or https URL without user name, query and fragment",
    { arbitrary: () => (fc) => fc.constantFrom("https://example.com", "http://chat.example.org:8080/base/") },
  ),
)

/** Whether a text is an http or https URL without a user name or a password in it. */
export const isWebUrl = (text: string): boolean => {
  if (!/^https?:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text)) return false
  const { password, port, username } = new URL(text)
  return username === "" && password === "" && port !== "0"
}

/** The address of something on a server: its URL without slashes at its end, and a path that begins with one. */
export const onServer = (server: string, path: string): string => `${server.replace(/\/+$/, "")}${path}`

/** An email address as it is used: one mailbox, without a name beside it (a part of RFC 5321, section 4.1.2). */
export const EmailAddress = Schema.String.pipe(
  Schema.maxLength(254),
  Schema.pattern(
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/,
    { message: () => "an email address, such as ops@example.com" },
  ),
)

/** A host's name or address, without brackets. */
export const HostName = Schema.String.pipe(
  Schema.maxLength(253),
  Schema.pattern(/^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\.?$|^[0-9A-Fa-f:.]{2,45}$/, {
    message: () => "a host's name or address, such as mail.example.com",
  }),
)

/** A header's name: a token (RFC 9110, section 5.6.2). */
export const HeaderName = Schema.String.pipe(
  Schema.pattern(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, {
    message: () => "a header's name is 1 to 100 letters, digits or one of !#$%&'*+.^_`|~-",
  }),
)

const headerText = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/

/** Whether a header can have a text as its value: visible ASCII with spaces inside. */
export const isHeaderText = (text: string): boolean => headerText.test(text)

/** A header's value. */
export const HeaderValue = Schema.String.pipe(
  Schema.maxLength(2_000),
  Schema.pattern(headerText, { message: () => "a header's value is visible ASCII, without spaces at its ends" }),
)

/**
 * How a server that people run themselves is told who sends: by nothing unless given.
 *
 * @param secret how secrets are written
 */
export const serverAuth = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Union(
    Schema.Struct({ type: Schema.Literal("basic"), username: lineOfText(1, 200), password: secret }),
    Schema.Struct({ type: Schema.Literal("bearer"), token: secret }),
  )
type ServerAuth = ReturnType<typeof serverAuth<string, string>>["Type"]

/** The headers that `serverAuth` means. */
export const authHeaders = (auth: ServerAuth | undefined): Readonly<Record<string, string>> => {
  if (auth === undefined) return {}
  return auth.type === "basic" ? basicAuthorization(auth.username, auth.password) : bearerAuthorization(auth.token)
}

/** A field that may be left out. */
export const optional = <A, I>(schema: Schema.Schema<A, I>) => Schema.optionalWith(schema, { exact: true })
