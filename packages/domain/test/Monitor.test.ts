import { assert, describe, it } from "@effect/vitest"
import { IntervalSeconds } from "@uptime/domain/IntervalSeconds"
import { checkSpec, defaultName, MonitorName, Parents, Tags, TimeoutMs } from "@uptime/domain/Monitor"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import { Region } from "@uptime/domain/Region"
import { Email } from "@uptime/domain/User"
import { Arbitrary, Either, FastCheck as fc, Schema } from "effect"

const isName = Schema.is(MonitorName)
const isTags = Schema.is(Tags)
const isParents = Schema.is(Parents)
const isRegion = Schema.is(Region)
const decodeEmail = Schema.decodeUnknownEither(Email)

describe("a name", () => {
  it.prop("can be stored whenever it is accepted", [fc.string({ unit: "binary" })], ([text]) => {
    const expected = text.length >= 1 && text.length <= 200 && text.isWellFormed() && !/\p{Cc}/u.test(text)
    assert.strictEqual(isName(text), expected)
  })

  it("has 1 to 200 characters, of any script", () => {
    assert.isTrue(isName("\u{1f680} Produktion \u2014 \u6771\u4eac"))
    assert.isTrue(isName("x".repeat(200)))
    for (const text of ["", "x".repeat(201), "a\u0000b", "a\nb", "a\ud800"]) assert.isFalse(isName(text))
  })

  it.prop(
    "is the host when none is given",
    [Arbitrary.make(Schema.typeSchema(MonitorUrl)), fc.nat(65_535)],
    ([url, port]) => {
      const numbered = new URL(url)
      numbered.port = String(port)
      const name = defaultName(Schema.decodeSync(MonitorUrl)(port === 0 ? url : numbered.href))
      assert.isTrue(isName(name))
      assert.isTrue(name.startsWith(new URL(url).hostname.slice(0, 200)))
    },
  )
})

describe("the settings of a monitor", () => {
  it("have up to twenty tags, each once", () => {
    const tags = (count: number) => Array.from({ length: count }, (_, i) => `tag ${i}`)
    assert.isTrue(isTags(tags(20)))
    assert.isFalse(isTags(tags(21)))
    assert.isFalse(isTags(["a", "a"]))
    assert.isFalse(isTags([""]))
    assert.isFalse(isTags(["x".repeat(51)]))
  })

  it.prop("have a whole interval and timeout within their bounds", [fc.double()], ([value]) => {
    assert.strictEqual(Schema.is(IntervalSeconds)(value), Number.isInteger(value) && value >= 10 && value <= 86_400)
    assert.strictEqual(Schema.is(TimeoutMs)(value), Number.isInteger(value) && value >= 100 && value <= 60_000)
  })

  it("say of each parent once, and of ten at most", () => {
    const ids = Array.from({ length: 11 }, (_, i) => `0190a5f4-0000-7000-8000-0000000000a${i.toString(16)}`)
    assert.isTrue(isParents(ids.slice(0, 10)))
    assert.isFalse(isParents(ids))
    assert.isFalse(isParents([ids[0], ids[0]?.toUpperCase()]))
  })

  it("travel with its jobs", () => {
    const url = Schema.decodeSync(MonitorUrl)("tcp://example.com:25")
    const check = {
      conditions: [{ condition: "[CONNECTED] == true", severity: "Down" }],
      tcp: { expect: "220" },
    } as const
    assert.deepStrictEqual(checkSpec({ url, timeoutMs: 100, check }), { kind: "tcp", url, timeoutMs: 100, ...check })
  })

  it("begin with a name, whatever the URL", () => {
    const name = (text: string) => defaultName(Schema.decodeSync(MonitorUrl)(text))
    assert.strictEqual(name("tcp://example.com:25"), "example.com:25")
    assert.strictEqual(name("dns://example.com"), "example.com")
    assert.strictEqual(name("icmp://[2001:db8::1]"), "[2001:db8::1]")
    assert.strictEqual(name("heartbeat://"), "Heartbeat")
  })
})

describe("a region", () => {
  it.prop("is letters, digits, _ and -, and begins with a letter", [fc.string({ unit: "binary" })], ([text]) => {
    if (isRegion(text)) assert.match(text, /^[A-Za-z][\w-]*$/)
  })

  it("has at most 32 characters", () => {
    for (const text of ["USA", "India", "eu-west_1", "a".repeat(32)]) assert.isTrue(isRegion(text), text)
    for (const text of ["", "1a", "-a", "a b", "a:b", "USA\n", "a".repeat(33), "\u00e9"])
      assert.isFalse(isRegion(text), text)
  })
})

describe("an email address", () => {
  it.prop("is one account however it is written", [fc.emailAddress()], ([address]) => {
    const decoded = decodeEmail(address)
    assert.isTrue(Either.isRight(decoded), address)
    assert.deepStrictEqual(decodeEmail(address.toUpperCase()), decodeEmail(address.toLowerCase()))
    if (Either.isRight(decoded)) assert.deepStrictEqual(decodeEmail(decoded.right), decoded)
  })

  it.prop(
    "can be stored whenever it is accepted",
    [fc.string({ unit: "binary" }), fc.string({ unit: "binary" })],
    ([a, b]) => {
      const decoded = decodeEmail(`${a}@${b}.com`)
      if (Either.isRight(decoded)) assert.isTrue(decoded.right.isWellFormed() && !/[\s\p{Cc}]/u.test(decoded.right))
    },
  )

  it("has one @, a domain with a dot, and no blanks", () => {
    for (const text of [
      "",
      "a",
      "a@b",
      "@b.c",
      "a@.",
      "a@b.",
      "a b@c.d",
      "a@b@c.d",
      `${"a".repeat(65)}@b.c`,
      `a@${"b".repeat(251)}.c`,
    ]) {
      assert.isTrue(Either.isLeft(decodeEmail(text)), text)
    }
  })

  it("takes no time to be refused", () => {
    const begin = performance.now()
    for (const text of [`${"a".repeat(50_000)}!`, `a@${"a.".repeat(25_000)}`, "@".repeat(50_000)]) decodeEmail(text)
    assert.isBelow(performance.now() - begin, 1_000)
  })
})
