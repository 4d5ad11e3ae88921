import { assert, describe, it } from "@effect/vitest"
import { parse } from "@uptime/conditions/ConditionParser"
import { Either } from "effect"
import { print } from "./Evaluation.ts"

const canonical = (text: string): string => print(Either.getOrThrow(parse(text)))

describe("a condition", () => {
  it.each([
    ["[STATUS] == 200", "[STATUS] == 200"],
    ["  [status]\t==   200 ", "[STATUS] == 200"],
    ["200 == [STATUS]", "[STATUS] == 200"],
    ["300 > [RESPONSE_TIME]", "[RESPONSE_TIME] < 300"],
    ["[RESPONSE_TIME] < 1h30m", "[RESPONSE_TIME] < 1h30m"],
    ["[BODY] == hello world", "[BODY] == hello world"],
    ["[BODY] == hello  world", '[BODY] == "hello  world"'],
    ['[BODY] == "hello world"', "[BODY] == hello world"],
    ['[BODY] == "200"', '[BODY] == "200"'],
    ['[BODY] == "say \\"hi\\"\\n"', '[BODY] == "say \\"hi\\"\\n"'],
    ["[BODY] == it contains nuts", '[BODY] == "it contains nuts"'],
    ["[BODY] == []", '[BODY] == "[]"'],
    ["[BODY] not   contains any( a ,b)", "[BODY] not contains any(a, b)"],
    ['[BODY] == any("a, b", c (d))', '[BODY] == any("a, b", "c (d)")'],
    ["[BODY].user.name == john", "[BODY].user.name == john"],
    ["[BODY].$.user['name'] == john", "[BODY].user.name == john"],
    ["[BODY].$ == 1", "[BODY].$ == 1"],
    ["[BODY].$ref == 1", '[BODY]["$ref"] == 1'],
    ["[BODY].content-type == json", '[BODY]["content-type"] == json'],
    ["[BODY].$..price < 10", "[BODY]..price < 10"],
    ["[BODY].items.*.id > 0", "[BODY].items[*].id > 0"],
    ["5 < [BODY].items[*].id", "[BODY].items[*].id > 5"],
    ["[BODY].a < [BODY].items[*].id", "[BODY].items[*].id > [BODY].a"],
    [
      "len([BODY].items[?@.state=='ok'&&!(@.age>3||@.x)]) >= 2",
      'len([BODY].items[?@.state == "ok" && !(@.age > 3 || @.x)]) >= 2',
    ],
    ["[BODY].a[1:-1:2] == 1", "[BODY].a[1:-1:2] == 1"],
    ["[HEADER].Content-Type contains json", "[HEADERS].content-type contains json"],
    ["[PHASES].firstbyte < 200ms", "[PHASES].firstByte < 200ms"],
    ['[BODY] matches "a\\d+\\"b"', '[BODY] matches "a\\d+\\"b"'],
    ["[BODY] not matches ^(error|fail)", '[BODY] not matches "^(error|fail)"'],
    ["[BODY] == pat(a) b (c)", '[BODY] == pat("a) b (c")'],
    ["[RECORDS] contains 10 mail.example.com.", "[RECORDS] contains 10 mail.example.com."],
  ])("%s reads as %s", (text, expected) => {
    assert.strictEqual(canonical(text), expected)
    assert.strictEqual(canonical(expected), expected)
  })

  it.each([
    ["", 0, "expected a value, found the end"],
    ["[STATUS]", 8, "expected one of =="],
    ["[STATUS] = 200", 9, 'found "="'],
    ["[STATUS] === 200", 11, "expected a space after =="],
    ["[STATUS]== 200", 8, "expected a space before =="],
    ["[STATUS] ==200", 11, "expected a space after =="],
    ["[STATUS] ==", 11, "expected a value after ==, found the end"],
    ["STATUS == 200", 0, "name a placeholder"],
    ["STATUS = 200", 7, 'found "="'],
    ["[STATE] == 200", 0, "unknown placeholder [STATE]"],
    ["[STATUS].x == 200", 8, "nothing can follow [STATUS]"],
    ["[STATUS] == ok", 12, "expected a number"],
    ["[STATUS] == any(200, ok)", 12, "expected a number"],
    ["[STATUS] < 5m", 11, "without a unit"],
    ['[STATUS] < "300"', 11, "expected a number"],
    ["[STATUS] < any(1, 2)", 11, "neither any() nor pat()"],
    ["[RESPONSE_TIME] < potato", 18, "a duration such as 300ms"],
    ["[CONNECTED] == yes", 15, "expected true or false"],
    ["[CONNECTED] > false", 14, "no order"],
    ["len([BODY].users == 100", 17, "expected )"],
    ["len(users) == 1", 4, "expected a placeholder"],
    ["size([BODY].users) == 1", 0, "unknown function size"],
    ["[BODY] == any(a,, b)", 16, "expected a value"],
    ["[BODY] == any(a, b", 18, "expected , or )"],
    ["[BODY] == any(pat(a*), b)", 14, "no place in any()"],
    ["[BODY] == pat(a", 15, "expected )"],
    ['[BODY] == "abc', 10, "not closed"],
    ['[BODY] == "a" b', 14, "expected the end"],
    ['[BODY] == "\\x"', 11, "an escape is one of"],
    ['[BODY] == "\\ud800"', 11, "half of a pair"],
    ["[BODY] == a == b", 12, "a second operator"],
    ["any(a, b) contains [BODY]", 0, "the left side of contains"],
    ["[BODY] contains [RECORDS]", 16, "gives one value"],
    ["[RECORDS] == [BODY]..ip", 13, "only one side"],
    ["[BODY]. == 1", 7, "expected a name"],
    ["[BODY].a[01] == 1", 9, "expected a whole number"],
    ["[BODY].a[1 == 1", 11, "expected , or ]"],
    ["[BODY].$.a-b == 1", 10, "expected one of =="],
    ["[BODY][?@.a ==] == 1", 14, "expected a query, a value or a function"],
    ["[BODY][?@..a == 1] == 1", 8, "at most one value"],
    ["[BODY][?match(@.a, @.b)] == 1", 19, "a regular expression in quotes"],
    ["[BODY][?match(@.a, '(')] == 1", 19, "not a regular expression"],
    ["[HEADERS] == 1", 9, "a header's name"],
    ["[PHASES].dance < 1", 9, "expected one of dns"],
    ['[BODY] matches "a(b"', 16, "missing closing )"],
    ['[BODY] matches "ab(?=c)"', 18, "invalid or unsupported Perl syntax"],
    ['[BODY] matches "(a)\\1"', 19, "invalid escape sequence"],
    [`[BODY] matches "${"a".repeat(201)}"`, 216, "at most 200 characters"],
    ['[BODY] matches "(x{1,50}){1,20}"', 16, "at most 500 are allowed"],
    [`[BODY] == ${"a".repeat(500)}`, 500, "at most 500 characters"],
    ["[BODY] == a\nb", 11, "control characters"],
    ["[BODY] == \ud800", 10, "well-formed"],
  ])("%s is refused at its character", (text, position, reason) => {
    const error = Either.getOrThrow(Either.flip(parse(text)))
    assert.strictEqual(error.position, position)
    assert.isTrue(error.message.startsWith(`at character ${position + 1}: `), error.message)
    assert.include(error.message, reason)
  })
})
