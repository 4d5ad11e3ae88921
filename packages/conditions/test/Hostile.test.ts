import { assert, describe, it } from "@effect/vitest"
import { parse } from "@uptime/conditions/ConditionParser"
import { judge, readConditions } from "@uptime/conditions/Judge"
import type { Observation } from "@uptime/conditions/Observation"
import { Either } from "effect"
import { evaluate } from "./Evaluation.ts"
import { body, seeing } from "./ObservationFixture.ts"

const mebibyte = 1_048_576

/** What something takes of the processor, in milliseconds: what else runs on the machine does not count. */
const cost = (run: () => void): number => {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

const evaluateText = (text: string, observation: Observation) => evaluate(Either.getOrThrow(parse(text)), observation)

/** Letters that repeat only after a very long time. */
const scattered = (letters: string) => {
  let state = 1
  return Array.from({ length: mebibyte }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return letters.charAt(Math.floor((state / 2 ** 32) * letters.length))
  }).join("")
}

describe("a hostile regular expression", () => {
  const texts = { alike: "a".repeat(mebibyte), scattered: scattered("ab"), words: scattered(" abcdefghij") }
  it.each(
    [
      "(a+)+$",
      "(a|aa)+$",
      "(a*)*b",
      "[ab]*a[ab]{12}[^ab ]",
      "\\b(.{1,24}){1,9}[^a-j ]\\b",
      "(a.{0,60}){2}[0-9]",
      "[ab].{0,200}[0-9]",
    ].flatMap((pattern) => Object.entries(texts).map(([name, text]) => [pattern, name, text] as const)),
  )("%s on a mebibyte of %s ends within a second", (pattern, _, text) => {
    let seen = ""
    const ms = cost(() => {
      seen = evaluateText(`[BODY] matches ${pattern}`, body(text)).seen
    })
    assert.isBelow(ms, 1_000)
    assert.isTrue(seen.startsWith(text.slice(0, 100)) || seen === "(too much to search)")
  })

  it("fails for what it would take, not for what the text says", () => {
    assert.deepStrictEqual(evaluateText("[BODY] not matches .{0,200}[0-9]", body(texts.words)), {
      holds: false,
      seen: "(too much to search)",
    })
    assert.isTrue(evaluateText("[BODY] not matches (a|b)+[0-9]", body(texts.words)).holds)
  })

  it("shares its second with the other conditions of the check", () => {
    const conditions = Array.from({ length: 20 }, (_, i) => ({
      condition: `[BODY] matches [ab]*a[ab]{${i}}[^ab ]`,
      severity: "Down" as const,
    }))
    const read = Either.getOrThrow(readConditions(conditions))
    assert.isBelow(
      cost(() => judge(read, body(texts.scattered))),
      1_000,
    )
  })
})

describe("a hostile body", () => {
  it.each([
    ["brackets", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["braces", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
    ["brackets that stay open", "[".repeat(mebibyte)],
  ])("of very many %s is not looked into", (_, text) => {
    const observation = body(text)
    const ms = cost(() => {
      assert.deepStrictEqual(evaluateText("[BODY]..a == 1", observation), {
        holds: false,
        seen: "(JSON nested too deep)",
      })
      assert.isFalse(evaluateText("has([BODY].a) == true", observation).holds)
      assert.isTrue(evaluateText("[BODY] contains [", seeing({ body: text })).holds === text.startsWith("["))
    })
    assert.isBelow(ms, 500)
  })

  it("may be as deep as bodies are", () => {
    const deep = `${"[".repeat(256)}${'"]"'}${"]".repeat(256)}`
    assert.deepStrictEqual(evaluateText(`len([BODY]..*) == 256`, body(deep)), { holds: true, seen: "256" })
    assert.strictEqual(evaluateText(`len([BODY]..*) == 256`, body(`[${deep}]`)).seen, "(JSON nested too deep)")
  })

  const numbers = `[${"1,".repeat(mebibyte / 2 - 1)}1]`
  const names = `{${Array.from({ length: 90_000 }, (_, i) => `"k${i}":1`).join()}}`
  const objects = `[${'{"a":{"b":[1]}},'.repeat(60_000)}1]`
  const text = JSON.stringify({ a: "b".repeat(mebibyte - 200), c: Array.from({ length: 50 }, () => 1) })
  const nested = `${"[1,[".repeat(100)}${"1,".repeat(400_000)}1${"]]".repeat(100)}`
  it.each([
    ["nested arrays", nested, "..*..*..*..*"],
    ["nested arrays", nested, "..[::-1]..[::2]..[0:99999]"],
    ["nested arrays", nested, `${`[${"0,".repeat(40)}0]`.repeat(4)}..x`],
    ["numbers", numbers, `[${"*,".repeat(60)}*]..*`],
    ["names", names, `[${"*,".repeat(60)}*]..*`],
    ["names", `[${names}]`, `${`[${"0,".repeat(60)}0]`}[*]`],
    ["objects", objects, "..[?@..[?@..[?@.b == 1]]]"],
    ["objects", objects, "..[?@ == $]"],
    ["text", text, "..[?$.a <= $.a]"],
    ["text", text, "..[?length($.a) == 1]"],
    ["text", text, "..[?search($.a, 'b*c.{9}d')]"],
  ])("of many %s holds no query up: %#", (_, document, path) => {
    const condition = Either.getOrThrow(parse(`len([BODY].$${path}) == -1`))
    const observation = body(document)
    assert.isBelow(
      cost(() => evaluate(condition, observation)),
      1_500,
    )
  })

  it("leaves other conditions their answers, where they need no work", () => {
    const read = Either.getOrThrow(
      readConditions([
        { condition: "len([BODY]..*..*..*) > 0", severity: "Degraded" },
        { condition: "[STATUS] == 200", severity: "Down" },
      ]),
    )
    const observation = seeing({
      status: 200,
      body: `${"[1,[".repeat(100)}${"1,".repeat(400_000)}1${"]]".repeat(100)}`,
    })
    assert.deepStrictEqual(judge(read, observation), {
      status: "Degraded",
      failed: [{ condition: "len([BODY]..*..*..*) > 0", severity: "Degraded", seen: "(too much to search)" }],
      message: "len([BODY]..*..*..*) > 0 failed: len([BODY]..*..*..*) was (too much to search)",
    })
  })
})

describe("a hostile condition and body", () => {
  const many = (count: number, one: string) => `[${`${one},`.repeat(count)}${one}]`
  const numbers = many(mebibyte / 2 - 2, "1")
  const fractions = many(200_000, "1e20")
  const empty = many(300_000, '""')
  const short = many(250_000, '"a"')
  const objects = many(340_000, "{}")
  const text = "a".repeat(480_000)
  const twins = JSON.stringify({ a: [[`${text}b`]], b: `${text}c` })
  const part = `${numbers.slice(0, 400_000)}]`
  const pair = `[[[${part},${part}]]]`
  const keys = `{${Array.from({ length: 90_000 }, (_, i) => `"k${i}":1`).join()}}`
  const zeros = (count: number) => `[${"0,".repeat(count - 1)}0]`
  const often = `${zeros(75)}${zeros(75)}${zeros(75)}`
  it.each([
    ["an array that is looked at again and again", `[[[${numbers}]]]`, `[BODY].$${often} != x`],
    ["an array of fractions", `[[[${fractions}]]]`, `[BODY].$${often} not matches x`],
    ["an array that is in no order", `[[[${numbers}]]]`, `[BODY].$${often} >= !`],
    [
      "an array and a list of options",
      `[[[${numbers}]]]`,
      `[BODY].$${zeros(75)}${zeros(75)}[0] != any(${"x,".repeat(60)}x)`,
    ],
    ["long texts that are almost the same", twins, `[BODY].$.a${zeros(75)}${zeros(75)} != [BODY].b`],
    ["long texts that are in order", twins, `[BODY].$.a${zeros(75)}${zeros(75)} < [BODY].b`],
    ["numbers and a list of options", numbers, `[BODY].$[*] != any(${"x,".repeat(230)}x)`],
    ["numbers that are none of a list", numbers, `[BODY] not contains any(${"2,".repeat(230)}2)`],
    ["short texts and a list of options", short, `[BODY].$[*] != any(${"x,".repeat(230)}x)`],
    ["short texts and a pattern of many pieces", short, `[BODY].$[*] != pat(${"*b".repeat(230)})`],
    ["empty texts and an expression", empty, "[BODY].$[*] not matches x"],
    ["short texts and an expression", short, "[BODY].$[*] not matches [b-y]{90}"],
    ["a long piece of a long text", "a".repeat(mebibyte), `[BODY] not contains ${"a".repeat(190)}b${"a".repeat(280)}`],
    ["a long piece in a pattern", "a".repeat(mebibyte), `[BODY] != pat(*${"a".repeat(190)}b${"a".repeat(270)}*)`],
    ["short pieces of a long text", "a".repeat(mebibyte), `[BODY] not contains any(${"aaab,".repeat(90)}aaab)`],
    [
      "pieces of a long text",
      "a".repeat(mebibyte),
      `[BODY] not contains any(${"a".repeat(110)}b${"a".repeat(110)}, ${"a".repeat(3)}b${"a".repeat(210)})`,
    ],
    [
      "a piece of the body itself",
      JSON.stringify({ a: text, b: `${"a".repeat(9_000)}b${"a".repeat(90_000)}` }),
      "[BODY].a not contains [BODY].b",
    ],
    ["members that are not there", objects, `[BODY].$[*]${`["x"${',"x"'.repeat(100)}]`} == 1`],
    ["slices of nothing", numbers, `[BODY].$[*][0:0${",0:0".repeat(110)}] == 1`],
    ["filters of a long path", objects, `len([BODY].$[?@${".a".repeat(220)}]) == 1`],
    ["filters that ask again and again", numbers, `len([BODY].$[?!@${"||!@".repeat(110)}]) == 1`],
    ["arrays that are the same", pair, `len([BODY].$${zeros(60)}${zeros(60)}[?@ == $[0][1]]) == 1`],
    ["objects that are almost the same", `[[${keys}]]`, `len([BODY].$${zeros(60)}[?@ == $[0][0]]) == 1`],
    ["lengths of objects", `[[${keys}]]`, `len([BODY].$${zeros(60)}[?length(@) == 1]) == 1`],
    ["values that say nothing", empty, "[BODY].$[*] == 1"],
    ["characters that are not shown", "\u0000".repeat(mebibyte), "[BODY] == 1"],
  ])("of %s take less than a second, and so do twenty", (_, document, condition) => {
    const twenty = Array.from({ length: 20 }, () => ({ condition, severity: "Down" as const }))
    const read = Either.getOrThrow(readConditions(twenty))
    const observation = body(document)
    evaluateText("[BODY].a == 1", observation)
    assert.isBelow(
      cost(() => judge(read, observation)),
      1_000,
    )
  })

  it("fail for the work that is left, with a word for it, and leave others what they need", () => {
    const read = Either.getOrThrow(
      readConditions([
        { condition: `[BODY].$${often} != x`, severity: "Degraded" },
        { condition: "[BODY] == x", severity: "Degraded" },
        { condition: "[BODY].$[0][0] contains 2", severity: "Degraded" },
        { condition: "[STATUS] == any(200, 204)", severity: "Down" },
        { condition: "[HEADERS].server matches ^ng", severity: "Down" },
        { condition: "[IP] == pat(10.*)", severity: "Down" },
      ]),
    )
    const observation = seeing({
      status: 200,
      ip: "10.0.0.1",
      headers: [["server", "nginx"]],
      body: `[[[${numbers}]]]`,
    })
    const { failed, status } = judge(read, observation)
    assert.strictEqual(status, "Degraded")
    assert.deepStrictEqual(
      failed.map(({ seen }) => seen.slice(0, 30)),
      ["(too much to search)", `[[[${numbers}`.slice(0, 30), "(too much to search)"],
    )
  })
})

describe("a hostile condition", () => {
  it.each([
    ["parentheses", `[BODY][?${"(".repeat(490)}`],
    ["negations", `[BODY][?${"!".repeat(490)}`],
    ["filters", `[BODY]${"[?@".repeat(160)}`],
    ["functions", `[BODY][?${"length(".repeat(68)}`],
    ["parentheses of text", `pat(${") ".repeat(240)}`],
    ["words", `${"a ".repeat(249)}`],
    ["negated words", `${"not ".repeat(124)}`],
    ["options", `[BODY] == any(${"a,".repeat(240)}`],
    ["repetitions", `[BODY] matches ${"(".repeat(90)}a${"{2})".repeat(25)}`],
    ["classes", `[BODY] matches ${"\\pL{1000}".repeat(20)}`],
    ["much text", "a".repeat(50_000_000)],
  ])("of many %s is refused at once", (_, text) => {
    let message = ""
    const ms = cost(() => {
      message = Either.getOrThrow(Either.flip(parse(text))).message
    })
    assert.match(message, /^at character \d+: /)
    assert.isBelow(ms, 500)
  })
})
