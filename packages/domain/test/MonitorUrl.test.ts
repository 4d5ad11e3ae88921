import { assert, describe, it } from "@effect/vitest"
import { MonitorUrl, maxUrlLength, parseMonitorUrl } from "@uptime/domain/MonitorUrl"
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
        assert.match(url.href, /^https?:\/\/[^/@#]+\/[\x21-\x7e]*$/)
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
  ])("%s is read", (text, href) => {
    assert.strictEqual(Either.getOrThrow(decode(text)), href)
  })

  it.each([
    ["", "not a URL"],
    ["example.com", "not a URL"],
    ["//example.com", "not a URL"],
    ["http://", "not a URL"],
    ["http://a b/", "not a URL"],
    ["http://[::1", "not a URL"],
    ["http://1.2.3.999/", "not a URL"],
    ["ftp://example.com/", "only http and https"],
    ["file:///etc/passwd", "only http and https"],
    ["javascript:alert(1)", "only http and https"],
    ["data:text/plain,x", "only http and https"],
    ["http://user:secret@example.com/", "user name or password"],
    ["http://user@example.com/", "user name or password"],
    ["http://example.com:0/", "port 0"],
    ["http://exam\nple.com/", "control character"],
    ["http://example.com/\u0000", "control character"],
    [`http://a/${"x".repeat(maxUrlLength - 8)}`, "longer than 2048"],
    [`http://a/${"\u00e9".repeat(1_000)}`, "longer than 2048"],
  ])("%s is refused with a sentence", (text, word) => {
    assert.include(Either.getOrThrow(Either.flip(parseMonitorUrl(text))), word)
    assert.include(String(Either.getOrThrow(Either.flip(decode(text)))), word)
  })
})
