import { Either, ParseResult, Schema } from "effect"

/** The longest URL that is accepted, in characters. */
export const maxUrlLength = 2048

/**
 * A text as a URL, or null. Not by `URL.canParse`: once V8 has compiled its caller, Node 20 reads the bytes of a Latin-1
 * string as UTF-8 there, and refuses `http://bücher.example/` which it accepted a moment before.
 *
 * @param base what a relative text is relative to
 */
export const readUrl = (text: string, base?: URL): URL | null => {
  try {
    return new URL(text, base)
  } catch {
    return null
  }
}

/**
 * The one parser for a monitor's URL: WHATWG `URL`, then the rules below. Gives the normalised address, or what is wrong
 * in a sentence for the person who typed it.
 *
 * Rules: `http:` or `https:`, at most 2,048 characters, no user or password in it, no fragment kept, port not 0.
 */
export const parseMonitorUrl = (text: string): Either.Either<URL, string> => {
  if (text.length > maxUrlLength) return Either.left(`the URL is longer than ${maxUrlLength} characters`)
  if (/\p{Cc}/u.test(text)) return Either.left("the URL holds a control character")
  const url = readUrl(text)
  if (url === null) return Either.left('not a URL: give it whole, such as "https://example.com/health"')
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return Either.left("only http and https URLs can be checked")
  if (url.username !== "" || url.password !== "") return Either.left("a URL must not hold a user name or password")
  if (url.port === "0") return Either.left("port 0 cannot be reached")
  url.hash = ""
  if (url.href.length > maxUrlLength) return Either.left(`the URL is longer than ${maxUrlLength} characters`)
  return Either.right(url)
}

/** A monitor's URL in its normalised form; decoding normalises, so that what is stored is what is dialled. */
export const MonitorUrl = Schema.transformOrFail(Schema.String, Schema.String.pipe(Schema.brand("MonitorUrl")), {
  strict: true,
  decode: (text, _, ast) =>
    Either.match(parseMonitorUrl(text), {
      onLeft: (message) => ParseResult.fail(new ParseResult.Type(ast, text, message)),
      onRight: (url) => ParseResult.succeed(url.href),
    }),
  encode: (url) => ParseResult.succeed(url),
}).annotations({
  identifier: "MonitorUrl",
  description: "an http or https URL of at most 2048 characters, without user name, password or fragment",
  jsonSchema: { type: "string", format: "uri", maxLength: maxUrlLength },
  arbitrary: () => (fc) =>
    fc
      .tuple(fc.constantFrom("http", "https"), fc.domain(), fc.webPath())
      .map(([protocol, host, path]) => MonitorUrl.to.make(new URL(`${protocol}://${host}${path}`).href)),
})
export type MonitorUrl = typeof MonitorUrl.Type
