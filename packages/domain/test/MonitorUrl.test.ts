import { assert, describe, it } from "@effect/vitest"
import { MonitorUrl, maxUrlLength, parseMonitorUrl, portOf } from "@uptime/domain/MonitorUrl"
import { kindOfUrl, schemeOf, schemes } from "@uptime/domain/UrlScheme"
import { Arbitrary, Either, FastCheck as fc, Schema } from "effect"

const decode = Schema.decodeUnknownEither(MonitorUrl)

/** Texts that are URLs, that nearly are, and that are nothing of the kind. */
const urlish = fc.oneof(
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.string({ unit: "binary" }),
  fc
    .tuple(
      fc.constantFrom(
        "http:",
        "HTTPS:",
        "https:/",
        "http://",
        "https://",
        "http:\\\\",
        "ftp://",
        "file:///",
        "javascript:",
        ...Object.keys(schemes).map((scheme) => `${scheme}://`),
        "",
      ),
      fc.constantFrom("", "user@", "user:secret@", "@"),
      fc.oneof(
        fc.domain(),
        fc.ipV4(),
        fc.ipV6().map((address) => `[${address}]`),
        fc.string({ unit: "grapheme" }),
      ),
      fc.constantFrom("", ":80", ":0", ":443", ":8080", ":65536", ":"),
      fc.oneof(
        fc.webPath(),
        fc.string({ unit: "grapheme" }),
        fc.constantFrom("/?", "#", "/a#b", "/\ud800", "/\n", "/ "),
      ),
    )
    .map((parts) => parts.join("")),
)

describe("a monitor's URL", () => {
  it("holds nothing that it must not hold, whatever was typed", () => {
    let accepted = 0
    fc.assert(
      fc.property(urlish, (text) => {
        const parsed = parseMonitorUrl(text)
        if (Either.isLeft(parsed)) {
          assert.match(parsed.left, /^[\x20-\x7e]+$/)
          return
        }
        accepted++
        const url = parsed.right
        assert.match(url.href, /^[a-z]+:\/\/[^/@#]*(\/[\x21-\x7e]*)?$/)
        assert.property(schemes, schemeOf(url.href))
        assert.notInclude(url.href, "#")
        assert.isAtMost(url.href.length, maxUrlLength)
        assert.notStrictEqual(url.port, "0")
      }),
      { numRuns: 3_000 },
    )
    assert.isAbove(accepted, 300)
  })

  it("is normalised once and for all", () => {
    fc.assert(
      fc.property(urlish, (text) => {
        const once = decode(text)
        if (Either.isLeft(once)) return
        assert.strictEqual(Either.getOrThrow(decode(once.right)), once.right)
        assert.strictEqual(Schema.encodeSync(MonitorUrl)(once.right), once.right)
      }),
      { numRuns: 2_000 },
    )
  })

  it("of any script is read the ten-thousandth time as it was the first", () => {
    for (let i = 0; i < 10_000; i++) assert.isTrue(Either.isRight(parseMonitorUrl("http://b\u00fccher.example/\u00e9")))
  })

  it("that is made up for a test is a real one", () => {
    fc.assert(
      fc.property(Arbitrary.make(MonitorUrl), (url) => {
        assert.strictEqual(Either.getOrThrow(decode(url)), url)
      }),
    )
  })

  it.each([
    ["HTTP://Example.COM", "http://example.com/"],
    ["https://example.com:443/a b?c=d#e", "https://example.com/a%20b?c=d"],
    ["http:example.com\\path", "http://example.com/path"],
    ["http://b\u00fccher.example/", "http://xn--bcher-kva.example/"],
    ["http://0x7f.1/", "http://127.0.0.1/"],
    ["http://[::FFFF:127.0.0.1]/", "http://[::ffff:7f00:1]/"],
    ["http://@example.com/", "http://example.com/"],
    [`http://a/${"x".repeat(maxUrlLength - 9)}`, `http://a/${"x".repeat(maxUrlLength - 9)}`],
    ["tcp://Example.COM:25", "tcp://example.com:25"],
    ["tcp://example.com:80", "tcp://example.com:80"],
    ["tcp://0x7f.1:443", "tcp://127.0.0.1:443"],
    ["tcp://2130706433:443", "tcp://127.0.0.1:443"],
    ["tcp://b\u00fccher.example:1", "tcp://xn--bcher-kva.example:1"],
    ["dns://example.com/", "dns://example.com"],
    ["icmp://[::FFFF:127.0.0.1]", "icmp://[::ffff:7f00:1]"],
    ["tls://example.com:443", "tls://example.com"],
    ["tls://example.com:80", "tls://example.com:80"],
    ["ws://example.com:80/a b", "ws://example.com/a%20b"],
    ["wss://example.com:443/live?x#y", "wss://example.com/live?x"],
    ["wss://example.com:80", "wss://example.com:80/"],
    ["grpc://example.com:50051", "grpc://example.com:50051"],
    ["grpcs://example.com:443", "grpcs://example.com"],
    ["smtp://mail.example.com:25", "smtp://mail.example.com"],
    ["smtps://mail.example.com:465", "smtps://mail.example.com"],
    ["postgres://db.example.com:5432", "postgres://db.example.com"],
    ["mysql://db.example.com:3307", "mysql://db.example.com:3307"],
    ["redis://cache.example.com:6379", "redis://cache.example.com"],
    ["rediss://cache.example.com", "rediss://cache.example.com"],
    ["domain://Example.org", "domain://example.org"],
    ["heartbeat:", "heartbeat://"],
    ["heartbeat://", "heartbeat://"],
  ])("%s is read", (text, href) => {
    assert.strictEqual(Either.getOrThrow(decode(text)), href)
  })

  it.each([
    ["http://a/", "http", 80],
    ["https://a:8443/", "http", 8443],
    ["tcp://a:80", "tcp", 80],
    ["dns://a", "dns", null],
    ["icmp://a", "ping", null],
    ["tls://a", "tls", 443],
    ["ws://a", "websocket", 80],
    ["wss://a", "websocket", 443],
    ["grpc://a:1", "grpc", 1],
    ["grpcs://a", "grpc", 443],
    ["smtp://a", "smtp", 25],
    ["smtps://a", "smtp", 465],
    ["postgres://a", "postgres", 5432],
    ["mysql://a", "mysql", 3306],
    ["redis://a:80", "redis", 80],
    ["rediss://a", "redis", 6379],
    ["domain://a", "domain", null],
    ["heartbeat://", "heartbeat", null],
  ])("%s is checked by %s at port %s", (text, kind, port) => {
    const url = Either.getOrThrow(parseMonitorUrl(text))
    assert.strictEqual(kindOfUrl(url.href), kind)
    assert.strictEqual(portOf(url), port)
  })

  it.each([
    ["", "not a URL"],
    ["example.com", "not a URL"],
    ["//example.com", "not a URL"],
    ["http://", "not a URL"],
    ["http://a b/", "not a URL"],
    ["http://[::1", "not a URL"],
    ["http://1.2.3.999/", "not a URL"],
    ["ftp://example.com/", "only these URLs can be checked"],
    ["file:///etc/passwd", "only these URLs can be checked"],
    ["javascript:alert(1)", "only these URLs can be checked"],
    ["data:text/plain,x", "only these URLs can be checked"],
    ["http://user:secret@example.com/", "user name or password"],
    ["http://user@example.com/", "user name or password"],
    ["http://example.com:0/", "port 0"],
    ["http://exam\nple.com/", "control character"],
    ["http://example.com/\u0000", "control character"],
    ["tcp://example.com", "the port is missing"],
    ["grpc://example.com", "the port is missing"],
    ["tcp://example.com:0", "port 0"],
    ["tcp://example.com:99999", "not a URL"],
    ["tcp:example.com:25", "not a URL"],
    ["tcp:///", "not a URL"],
    ["tcp://a b:25", "not a URL"],
    ["tcp://1.2.3.999:25", "not a URL"],
    ["tcp://example.com:25/path", "has no path"],
    ["dns://example.com?x", "has no path"],
    ["dns://example.com:53", "has no port"],
    ["icmp://example.com:80", "has no port"],
    ["domain://example.org:443", "has no port"],
    ["postgres://example.com/database", "has no path"],
    ["postgres://user:secret@example.com", 'they go into "postgres"'],
    ["redis://:secret@example.com", 'they go into "redis"'],
    ["heartbeat://somewhere", "has no address"],
    ["heartbeat://user@somewhere", "has no address"],
    ["toString://example.com", "only these URLs can be checked"],
    [`http://a/${"x".repeat(maxUrlLength - 8)}`, "longer than 2048"],
    [`http://a/${"\u00e9".repeat(1_000)}`, "longer than 2048"],
  ])("%s is refused with a sentence", (text, word) => {
    assert.include(Either.getOrThrow(Either.flip(parseMonitorUrl(text))), word)
    assert.include(String(Either.getOrThrow(Either.flip(decode(text)))), word)
  })
})
