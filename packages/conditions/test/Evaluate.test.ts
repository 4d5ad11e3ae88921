import { assert, describe, it } from "@effect/vitest"
import { parse } from "@uptime/conditions/ConditionParser"
import type { Observation } from "@uptime/conditions/Observation"
import { Either, FastCheck as fc } from "effect"
import { evaluate } from "./Evaluation.ts"
import { naively } from "./NaiveEvaluator.ts"
import { body, nothingSeen, seeing } from "./ObservationFixture.ts"

const evaluateText = (text: string, observation: Observation) => evaluate(Either.getOrThrow(parse(text)), observation)

const placeholders = [
  ..."[STATUS] [RESPONSE_TIME] [IP] [CONNECTED] [PACKET_LOSS] [DNS_RCODE] [GRPC_STATUS] [RECORDS] [PHASES].tls".split(
    " ",
  ),
  ..."[CERTIFICATE_EXPIRATION] [DOMAIN_EXPIRATION] [HEADERS].x [HEADERS].y [BODY] [BODY].a [BODY].b [BODY].a.b".split(
    " ",
  ),
  ..."[BODY][0] [BODY][*] [BODY]..a [BODY].a[*] [BODY].*.b [BODY].a[0]".split(" "),
]
const sources = [...placeholders, ...placeholders.flatMap((one) => [`len(${one})`, `has(${one})`])]
const targets = [
  ..."0 1 2 -1 1.0 0x1 1e0 200 1s 1m 60s 1000ms a b ab true false null UP 1.2.3.4".split(" "),
  ...[
    '"1"',
    '"a"',
    '""',
    "a b",
    "any(1, 2)",
    "any(a, b)",
    'any("1", true)',
    "pat(*)",
    "pat(a*)",
    "pat(*b*)",
    "pat(1*)",
  ],
]
const operators = ["==", "!=", "<", "<=", ">", ">=", "contains", "not contains", "matches", "not matches"]
const written = fc
  .tuple(
    fc.constantFrom(...sources),
    fc.constantFrom(...operators),
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...targets) }, fc.constantFrom(...placeholders)),
  )
  .map((parts) => parts.join(" "))
  // What comes after `matches` is an expression, and brackets would be classes of characters.
  .filter((text) => !/matches .*[[(]/.test(text))

const leaf = fc.constantFrom(
  "0",
  "1",
  "2",
  "-1",
  '"1"',
  '"a"',
  '"ab"',
  '"1s"',
  '"60s"',
  '""',
  "true",
  "null",
  '"a b"',
  "1.5",
)
const { document } = fc.letrec<{ document: string }>((tie) => ({
  document: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    leaf,
    fc.array(tie("document"), { maxLength: 3 }).map((elements) => `[${elements.join(",")}]`),
    fc
      .uniqueArray(fc.constantFrom("a", "b", "c"), { maxLength: 3 })
      .chain((names) =>
        fc
          .tuple(...names.map((name) => tie("document").map((value) => `"${name}": ${value}`)))
          .map((all) => `{${all.join(",")}}`),
      ),
  ),
}))
const maybe = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { freq: 4 })
const amount = maybe(fc.constantFrom(0, 1, 2, -1, 200, 1_000, 60_000, 1.5))
const word = fc.constantFrom("a", "b", "ab", "a b", "1", "1.2.3.4", "UP", "")
const observation: fc.Arbitrary<Observation> = fc.record({
  status: amount,
  responseTimeMs: amount,
  ip: maybe(word),
  connected: fc.boolean(),
  body: maybe(fc.oneof({ weight: 4, arbitrary: document }, word, fc.constant(" a\n"), fc.constant("[1,"))),
  headers: fc.array(fc.tuple(fc.constantFrom("x", "X", "y"), word), { maxLength: 3 }),
  phases: fc.record({ dns: amount, connect: amount, tls: amount, firstByte: amount, transfer: amount }),
  certificateExpiresInMs: amount,
  domainExpiresInMs: amount,
  dnsRcode: maybe(word),
  records: maybe(fc.array(word, { maxLength: 3 })),
  packetLossPercent: amount,
  grpcStatus: maybe(word),
})

describe("evaluate", () => {
  it("says what the plainest evaluation says", () => {
    const counts = { held: 0, failed: 0 }
    fc.assert(
      fc.property(written, observation, (text, seen) => {
        const condition = parse(text)
        if (Either.isLeft(condition)) return
        const evaluation = evaluate(condition.right, seen)
        assert.strictEqual(evaluation.holds, naively(condition.right, seen), `${text}: ${evaluation.seen}`)
        counts[evaluation.holds ? "held" : "failed"]++
      }),
      { numRuns: 10_000 },
    )
    assert.isAbove(counts.held, 1_500)
    assert.isAbove(counts.failed, 3_000)
  })

  it("says what was seen in one short line that can be stored, and the same each time", () => {
    const hostile = fc.array(fc.constantFrom("\u0000", "\ud800", "\n", "\u2028", "\u{1f600}", "x".repeat(150)), {
      maxLength: 9,
    })
    fc.assert(
      fc.property(
        written,
        observation,
        hostile.map((parts) => parts.join("")),
        (text, seen, evil) => {
          const condition = parse(text)
          if (Either.isLeft(condition)) return
          const given = { ...seen, ip: evil, body: evil, records: [evil, evil], headers: [["x", evil]] as const }
          const { seen: line } = evaluate(condition.right, given)
          assert.isTrue(line.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(line) && line !== "", JSON.stringify(line))
          assert.isAtMost(line.length, 200)
          assert.deepStrictEqual(evaluate(condition.right, given), evaluate(condition.right, given))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ["[BODY].version == 1.10", body('{"version":"1.1"}'), true],
    ['[BODY].version == "1.10"', body('{"version":"1.1"}'), false],
    ["[BODY].version < 1.9.0", body('{"version":"1.10.0"}'), true],
    ["[BODY].day >= 2026-01-31", body('{"day":"2026-02-01"}'), true],
    ["[BODY].count > 5", body('{"count":"many"}'), false],
    ["[BODY].count <= 5", body('{"count":"many"}'), false],
    ["[BODY].count != 5", body('{"count":"many"}'), true],
    ["[BODY].id == 12345678901234567891", body('{"id":"12345678901234567891"}'), true],
    ["[BODY].id == 12345678901234567891", body('{"id":"12345678901234567890"}'), false],
    ["[BODY].id == 12345678901234567891", body('{"id":12345678901234567891}'), true],
    ["[BODY].hash == 1e999", body('{"hash":"2e999"}'), false],
    ["[BODY].uptime > 24h", body('{"uptime":"2d"}'), true],
    ["[BODY].on == true", body('{"on":true}'), true],
    ["[BODY].error == null", body('{"error":null}'), true],
    ["[BODY].error == null", body("{}"), false],
    ["[BODY].error != null", body("{}"), false],
    ["has([BODY].error) == false", body('{"error":null}'), true],
    ["[BODY].a == [BODY].b", body('{"a":[1,{"c":2}],"b":[1, {"c": 2}]}'), true],
    ["[BODY] contains error", body("no errors"), true],
    ["[BODY] not contains any(error, fail)", body("all is well"), true],
    ["[BODY] contains pat(a*z)", body("1 a to z 2"), true],
    ["[BODY].tags contains beta", body('{"tags":["alpha","beta"]}'), true],
    ["[BODY].tags contains bet", body('{"tags":["alpha","beta"]}'), false],
    ["[BODY].tags contains pat(bet*)", body('{"tags":["alpha","beta"]}'), true],
    ["[BODY].tags not contains beta", body('{"tags":[]}'), true],
    ["[BODY].tags[*] not contains beta", body('{"tags":[]}'), false],
    ["[BODY].items[*].state == ok", body('{"items":[{"state":"ok"},{"state":"ok"}]}'), true],
    ["[BODY].items[*].state == ok", body('{"items":[]}'), false],
    ["[BODY].items[*].state != failed", body('{"items":[{"state":"ok"},{"state":"failed"}]}'), false],
    ["len([BODY].items[?@.state == 'failed']) == 0", body('{"items":[{"state":"ok"}]}'), true],
    ["len([BODY].items[?@.state == 'failed']) == 0", body("oops"), false],
    ["len([BODY].name) == 2", body('{"name":"\u{1f600}!"}'), true],
    ["[BODY].$ == 1", body("1.0"), true],
    ["[BODY].a == 1", body('\ufeff {"a":1}'), true],
    ["[RECORDS] contains 1.2.3.4", seeing({ records: ["4.3.2.1", "1.2.3.4"] }), true],
    ["[RECORDS] == any(1.2.3.4, 4.3.2.1)", seeing({ records: ["4.3.2.1", "1.2.3.4"] }), true],
    ["[RECORDS] == 1.2.3.4", seeing({ records: ["4.3.2.1", "1.2.3.4"] }), false],
    ["[RECORDS] not matches ^10\\.", seeing({ records: ["4.3.2.1", "10.2.3.4"] }), false],
    ["len([RECORDS]) == 0", seeing({ records: [] }), true],
    [
      "[HEADERS].Cache-Control contains no-store",
      seeing({
        headers: [
          ["cache-control", "private"],
          ["Cache-Control", "no-store"],
        ],
      }),
      true,
    ],
    ["[PHASES].firstByte < 0.2s", seeing({ phases: { ...nothingSeen.phases, firstByte: 199.9 } }), true],
    ["[PACKET_LOSS] <= 20", seeing({ packetLossPercent: 20 }), true],
    ["[GRPC_STATUS] == SERVING", seeing({ grpcStatus: "SERVING" }), true],
    ["[STATUS] matches ^2", seeing({ status: 204 }), true],
  ] satisfies ReadonlyArray<readonly [string, Observation, boolean]>)("%s of %j: %s", (text, seen, expected) => {
    assert.strictEqual(evaluateText(text, seen).holds, expected)
  })

  it.each([
    ["[STATUS] == 200", seeing({ status: 503 }), "503"],
    ["[STATUS] == 200", nothingSeen, "(none)"],
    ["[BODY] contains x", nothingSeen, "(none)"],
    ["[BODY] contains x", body(" "), "(empty)"],
    ["[BODY].a == 1", body("<html>"), "(not JSON)"],
    ["[BODY].a == 1", body(`{"a":"${"x".repeat(1_048_570)}`), "(JSON longer than 1 MiB)"],
    ["[BODY].a == 1", body(`{"a":"${"\u00e9".repeat(524_284)}`), "(JSON longer than 1 MiB)"],
    ["[BODY].a == 1", body(`{"a":"${"x".repeat(1_000_000)}`), "(not JSON)"],
    ["[BODY].a == 1", body('{"a":{"b": [1, "c"]}}'), '{"b":[1,"c"]}'],
    ["[BODY].a == 1", body(`{"a":"${"x".repeat(300)}"}`), `${"x".repeat(199)}…`],
    ["[BODY].a == [BODY].b", body('{"a":"john","b":"doe"}'), "john, [BODY].b was doe"],
    ["[BODY].a == [BODY].b", body('{"a":"john"}'), "john, [BODY].b was (none)"],
    ["[BODY].*.s == ok", body('{"a":{"s":"ok"},"b":{"s":"bad"},"c":{"s":"worse"}}'), "bad"],
    ["[RECORDS] contains c", seeing({ records: ["a", "b"] }), "a, b"],
    ["[RECORDS] contains c", seeing({ records: [] }), "(none)"],
    ["[RESPONSE_TIME] < 300", seeing({ responseTimeMs: 312.5 }), "312.5ms"],
    ["[CERTIFICATE_EXPIRATION] > 7d", seeing({ certificateExpiresInMs: 3 * 86_400_000 + 5_400_000 }), "3d1h"],
    ["[CERTIFICATE_EXPIRATION] > 7d", seeing({ certificateExpiresInMs: -90_000 }), "-1m30s"],
    ["len([BODY].a) > 1", body('{"a":[1]}'), "1"],
    ["has([BODY].a) == true", body("{}"), "false"],
  ] satisfies ReadonlyArray<readonly [string, Observation, string]>)("%s of %j saw %s", (text, seen, expected) => {
    assert.deepStrictEqual(evaluateText(text, seen), { holds: false, seen: expected })
  })
})
