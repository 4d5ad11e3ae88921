import { Either, ParseResult, Schema } from "effect"
import { type Scheme, schemes } from "./UrlScheme.ts"

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
 * Rules: one of `schemes`, at most 2,048 characters, no user or password in it, no fragment kept, port not 0, and a path
 * only where the scheme has one. A host is read as that of an http URL whatever the scheme, so that there is one way to
 * write an address.
 */
export const parseMonitorUrl = (text: string): Either.Either<URL, string> => {
  if (text.length > maxUrlLength) return Either.left(`the URL is longer than ${maxUrlLength} characters`)
  if (/\p{Cc}/u.test(text)) return Either.left("the URL holds a control character")
  const url = readUrl(text.trim())
  if (url === null) return Either.left('not a URL: give it whole, such as "https://example.com/health"')
  const name = url.protocol.slice(0, -1)
  const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined
  if (scheme === undefined) return Either.left(`only these URLs can be checked: ${Object.keys(schemes).join(", ")}`)
  if (scheme.kind === "heartbeat") {
    return /^heartbeat:(\/\/)?\/?$/.test(url.href)
      ? Either.right(new URL("heartbeat://"))
      : Either.left('a heartbeat has no address: its URL is "heartbeat://"')
  }
  return scheme.kind === "http" ? checked(url, scheme) : withHostOf(url, name, scheme)
}

/** A URL of another scheme than http, through the parser of http URLs. */
const withHostOf = (url: URL, name: string, scheme: Scheme): Either.Either<URL, string> => {
  const rest = url.href.slice(url.protocol.length)
  const asHttp = /^\/\/[^/]/.test(rest) ? readUrl(`http:${rest}`) : null
  if (asHttp === null) return Either.left(`not a URL: give it whole, such as "${exampleOf(name, scheme)}"`)
  // The parser of http URLs leaves out the port 80, which is another one's default only by chance.
  const named = /^\/\/[^/?#]*:(\d+)(?=[/?#]|$)/.exec(rest)?.[1]
  const port = asHttp.port !== "" ? asHttp.port : named === undefined ? "" : "80"
  if (port !== "" && scheme.port === null) return Either.left(`a ${name} URL has no port`)
  if (port === "" && scheme.port === "required") {
    return Either.left(`the port is missing: give it, such as "${exampleOf(name, scheme)}"`)
  }
  if (!scheme.path && (asHttp.pathname !== "/" || asHttp.search !== "")) {
    return Either.left(`a ${name} URL has no path: "${exampleOf(name, scheme)}"`)
  }
  return Either.flatMap(checked(asHttp, scheme), (whole) => {
    const shownPort = port === "" || Number(port) === scheme.port ? "" : `:${port}`
    const path = scheme.path ? `${whole.pathname}${whole.search}` : ""
    const normal = readUrl(`${name}://${whole.hostname}${shownPort}${path}`)
    return normal === null ? Either.left("not a URL") : Either.right(normal)
  })
}

const exampleOf = (name: string, { path, port }: Scheme): string =>
  `${name}://example.com${port === "required" ? ":5000" : ""}${path ? "/" : ""}`

const checked = (url: URL, scheme: Scheme): Either.Either<URL, string> => {
  if (url.username !== "" || url.password !== "") {
    return Either.left(
      scheme.kind === "http" || scheme.kind === "websocket"
        ? "a URL must not hold a user name or password"
        : `a URL must not hold a user name or password: they go into "${scheme.kind}"`,
    )
  }
  if (url.port === "0") return Either.left("port 0 cannot be reached")
  url.hash = ""
  if (url.href.length > maxUrlLength) return Either.left(`the URL is longer than ${maxUrlLength} characters`)
  return Either.right(url)
}

/** The port that a URL accepted by `parseMonitorUrl` means; null for a scheme without ports. */
export const portOf = (url: URL): number | null => {
  if (url.port !== "") return Number(url.port)
  const port = schemes[url.protocol.slice(0, -1)]?.port ?? null
  return typeof port === "number" ? port : null
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
  description:
    "what is checked: an http(s), tcp, dns, icmp, tls, ws(s), grpc(s), smtp(s), postgres, mysql, redis(s), domain or heartbeat URL of at most 2048 characters, without user name, password or fragment",
  jsonSchema: { type: "string", format: "uri", maxLength: maxUrlLength },
  arbitrary: () => (fc) =>
    fc
      .tuple(fc.constantFrom("http", "https"), fc.domain(), fc.webPath())
      .map(([protocol, host, path]) => MonitorUrl.to.make(new URL(`${protocol}://${host}${path}`).href)),
})
export type MonitorUrl = typeof MonitorUrl.Type
