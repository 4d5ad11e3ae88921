import { Schema } from "effect"
import { lineOfText, linesOfText } from "../Text.ts"

/** A header's name: a token of RFC 9110, section 5.6.2. */
const HeaderName = Schema.String.pipe(
  Schema.pattern(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, {
    message: () => "a header's name is 1 to 100 letters, digits or one of !#$%&'*+.^_`|~-",
  }),
)

/** Headers that say how long a message is or whether the connection stays (RFC 9110, section 7.6.1): the checker sets them. */
const framing: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
])

/** Whether a header, its name in any case, is one that the checker sets by itself. */
export const isFramingHeader = (name: string): boolean => framing.has(name.toLowerCase())

/** A header that a person may set. */
const OwnHeaderName = HeaderName.pipe(
  Schema.filter((name) => !isFramingHeader(name) || "a header that the checker sets by itself"),
)

/** A header's value: visible ASCII with spaces and tabs inside, since what else means depends on who reads it. */
export const headerValue = /^(?:[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)?$/
export const headerValueMessage = "a header's value is visible ASCII, without spaces at its ends"
const HeaderValue = Schema.String.pipe(
  Schema.maxLength(2_000),
  Schema.pattern(headerValue, { message: () => headerValueMessage }),
)

/** One accepted status, or a range of them: `200`, `200-299`. */
export const StatusRange = Schema.String.pipe(
  Schema.pattern(/^[1-5]\d\d(?:-[1-5]\d\d)?$/, {
    message: () => 'a status or a range of them, such as "200" or "200-299"',
  }),
  Schema.filter((text) => {
    const [from, to = from] = text.split("-")
    return Number(from) <= Number(to) || "the range's end is before its beginning"
  }),
)

/** A certificate, or several after each other, in PEM. */
export const Pem = Schema.String.pipe(
  Schema.maxLength(16_000),
  Schema.pattern(/^\s*-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/, {
    message: () => 'certificates in PEM, beginning with "-----BEGIN CERTIFICATE-----"',
  }),
)

/**
 * What an HTTP(S) check may be told besides its URL; all of it may be left out.
 *
 * @param secret how secrets are written: `SecretText` in the API, `SealedSecret` in stores and jobs
 */
export const httpOptions = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    /** `GET` unless given. A `HEAD` has no body. */
    method: Schema.optionalWith(Schema.Literal("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"), {
      exact: true,
    }),
    /** At most 20; none of those that say how long the message is or whether the connection stays. */
    headers: Schema.optionalWith(
      Schema.Array(Schema.Struct({ name: OwnHeaderName, value: HeaderValue })).pipe(Schema.maxItems(20)),
      { exact: true },
    ),
    /** Headers whose values are secrets: at most 10. */
    secretHeaders: Schema.optionalWith(
      Schema.Array(Schema.Struct({ name: OwnHeaderName, value: secret })).pipe(Schema.maxItems(10)),
      { exact: true },
    ),
    /** `json` and `form` bring their content type along; `raw` has the one in `headers`. */
    body: Schema.optionalWith(
      Schema.Struct({ type: Schema.Literal("json", "form", "raw"), content: linesOfText(0, 8_000) }),
      { exact: true },
    ),
    auth: Schema.optionalWith(
      Schema.Union(
        /** Without a password it is an empty one. */
        Schema.Struct({
          type: Schema.Literal("basic"),
          username: lineOfText(0, 200),
          password: Schema.optionalWith(secret, { exact: true }),
        }),
        Schema.Struct({ type: Schema.Literal("bearer"), token: secret }),
        /** OAuth 2.0 client credentials (RFC 6749, section 4.4). */
        Schema.Struct({
          type: Schema.Literal("oauth2"),
          tokenUrl: Schema.String.pipe(Schema.maxLength(2_048), Schema.pattern(/^https?:\/\//)),
          clientId: lineOfText(1, 500),
          clientSecret: secret,
          scope: Schema.optionalWith(lineOfText(1, 500), { exact: true }),
          audience: Schema.optionalWith(lineOfText(1, 500), { exact: true }),
        }),
      ),
      { exact: true },
    ),
    /** How many redirects are followed: 5 unless given; with 0 the redirect itself is the answer. */
    maxRedirects: Schema.optionalWith(Schema.Int.pipe(Schema.between(0, 10)), { exact: true }),
    /** What counts as `Up`: `200-299` unless given, or unless a condition speaks of `[STATUS]`. */
    acceptedStatus: Schema.optionalWith(Schema.Array(StatusRange).pipe(Schema.minItems(1), Schema.maxItems(20)), {
      exact: true,
    }),
    /** `any` unless given. */
    ipFamily: Schema.optionalWith(Schema.Literal("any", "ipv4", "ipv6"), { exact: true }),
    /** The protocol's version: `1.1` unless given; `2` over TLS only, `any` lets the server choose. */
    httpVersion: Schema.optionalWith(Schema.Literal("1.1", "2", "any"), { exact: true }),
    /** Adds a parameter to the query that is different each time, so that no cache answers. */
    cacheBust: Schema.optionalWith(Schema.Boolean, { exact: true }),
    /** Takes any certificate; it is recorded all the same. */
    ignoreTls: Schema.optionalWith(Schema.Boolean, { exact: true }),
    /** Authorities to trust besides the usual ones. */
    certificateAuthority: Schema.optionalWith(Pem, { exact: true }),
    clientCertificate: Schema.optionalWith(Schema.Struct({ certificate: Pem, privateKey: secret }), { exact: true }),
  })
