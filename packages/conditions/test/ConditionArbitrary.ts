import {
  type Comparable,
  comparisonOperators,
  makePath,
  type Selector,
  type Test,
} from "@uptime/conditions/jsonpath/JsonPath"
import { literalOf } from "@uptime/conditions/Literal"
import type { Literal, ParsedCondition, Source, Target } from "@uptime/conditions/ParsedCondition"
import type { Placeholder } from "@uptime/conditions/Placeholder"
import { fromIRegexp, programSize } from "@uptime/conditions/RegularExpression"
import { Either, FastCheck as fc } from "effect"

const size = (pattern: string, mapped = pattern) => Either.getOrThrow(programSize(pattern, mapped))

const anyText = fc.oneof(fc.string({ unit: "grapheme", maxLength: 12 }), fc.string({ unit: "binary", maxLength: 8 }))
const word = fc.constantFrom("UP", "ok", "john", "a.b", "127.0.0.1", "::1", "application/json")
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constant("0x1F"),
)
const numberLiteral = number.map((value) => literalOf(String(value)))
const timeLiteral = fc.oneof(
  numberLiteral,
  fc.constantFrom("300ms", "48h", "2d", "1h30m", "-1.5h", "0s").map(literalOf),
)
const textLiteral: fc.Arbitrary<Literal> = fc.oneof(anyText, word).map((text) => ({ _tag: "Text", text }))
const anyLiteral = fc.oneof(timeLiteral, textLiteral)

const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("a", "b", "c", "$ref", "x-y", "__proto__", "1") },
  anyText,
)
const index = fc.integer({ min: -3, max: 3 })
const nullableIndex = fc.option(index)
const simpleSelector: fc.Arbitrary<Selector> = fc.oneof(
  name.map((one): Selector => ({ _tag: "Name", name: one })),
  index.map((one): Selector => ({ _tag: "Index", index: one })),
)
const pathOf = (selector: fc.Arbitrary<Selector>, maxLength = 4) =>
  fc
    .array(
      fc.record({
        isDescendant: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
        selectors: fc.oneof(
          { weight: 4, arbitrary: selector.map((one) => [one]) },
          fc.array(selector, { minLength: 2, maxLength: 3 }),
        ),
      }),
      { maxLength },
    )
    .map(makePath)

const singularPath = fc
  .array(simpleSelector, { maxLength: 3 })
  .map((selectors) => makePath(selectors.map((one) => ({ isDescendant: false, selectors: [one] }))))
const origin = fc.constantFrom("@" as const, "$" as const)
const plainSelector: fc.Arbitrary<Selector> = fc.oneof(
  { weight: 3, arbitrary: simpleSelector },
  fc.constant<Selector>({ _tag: "Wildcard" }),
  fc
    .record({ start: nullableIndex, end: nullableIndex, step: nullableIndex })
    .map((slice): Selector => ({ _tag: "Slice", ...slice })),
)
const query = fc.record({ from: origin, path: pathOf(plainSelector, 2) })
const singularQuery = fc.record({ from: origin, path: singularPath })
const value = fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null), anyText, word)

const comparable: fc.Arbitrary<Comparable> = fc.oneof(
  { weight: 3, arbitrary: value.map((one): Comparable => ({ _tag: "Value", value: one })) },
  { weight: 3, arbitrary: singularQuery.map((one): Comparable => ({ _tag: "Query", query: one })) },
  singularQuery.map((one): Comparable => ({ _tag: "LengthOf", of: { _tag: "Query", query: one } })),
  query.map((one): Comparable => ({ _tag: "CountOf", query: one })),
  query.map((one): Comparable => ({ _tag: "ValueOf", query: one })),
)

const matching = fc
  .record({
    name: fc.constantFrom("match" as const, "search" as const),
    of: comparable,
    pattern: fc.constantFrom("a.", "[ab.]+", 'o|"k"'),
  })
  .map(({ name: one, of, pattern }): Test => {
    const mapped = fromIRegexp(pattern, one === "match")
    return { _tag: "Match", name: one, of, pattern, mapped, size: size(pattern, mapped) }
  })
const several = (test: fc.Arbitrary<Test>) => fc.array(test, { minLength: 2, maxLength: 3 })

/** What filters ask, three deep at most. */
const filter: fc.Arbitrary<Test> = fc.letrec<{ test: Test }>((tie) => ({
  test: fc.oneof(
    { depthSize: "small", maxDepth: 2 },
    fc
      .record({ left: comparable, operator: fc.constantFrom(...comparisonOperators), right: comparable })
      .map((one): Test => ({ _tag: "Compare", ...one })),
    query.map((one): Test => ({ _tag: "Exists", query: one })),
    matching,
    tie("test").map((test): Test => ({ _tag: "Not", test })),
    several(tie("test")).map((tests): Test => ({ _tag: "And", tests })),
    several(tie("test")).map((tests): Test => ({ _tag: "Or", tests })),
  ),
})).test

/** Any JSONPath query. */
export const anyPath = pathOf(
  fc.oneof(
    { weight: 5, arbitrary: plainSelector },
    filter.map((test): Selector => ({ _tag: "Filter", test })),
  ),
)

const bodyOf = (path: fc.Arbitrary<ReturnType<typeof makePath> | null>) =>
  path.map((one): Placeholder => ({ _tag: "Body", path: one }))
const single: fc.Arbitrary<Placeholder> = fc.oneof(
  bodyOf(fc.oneof(fc.constant(null), singularPath)),
  fc.constantFrom<Placeholder>(
    { _tag: "Plain", name: "IP" },
    { _tag: "Plain", name: "DNS_RCODE" },
    { _tag: "Plain", name: "GRPC_STATUS" },
    { _tag: "Header", name: "content-type" },
  ),
)
const many: fc.Arbitrary<Placeholder> = fc.oneof(
  bodyOf(anyPath.filter((path) => !path.isSingular)),
  fc.constant<Placeholder>({ _tag: "Plain", name: "RECORDS" }),
)
const numbers = fc.oneof(
  fc.constantFrom<Source>({ _tag: "Plain", name: "STATUS" }, { _tag: "Plain", name: "PACKET_LOSS" }),
  fc.oneof(single, many).map((of): Source => ({ _tag: "Length", of })),
)
const times = fc.constantFrom<Source>(
  { _tag: "Plain", name: "RESPONSE_TIME" },
  { _tag: "Plain", name: "CERTIFICATE_EXPIRATION" },
  { _tag: "Plain", name: "DOMAIN_EXPIRATION" },
  { _tag: "Phase", phase: "firstByte" },
)
const booleans = fc.oneof(
  fc.constant<Source>({ _tag: "Plain", name: "CONNECTED" }),
  fc.oneof(single, many).map((of): Source => ({ _tag: "Has", of })),
)

const equality = fc.constantFrom("==" as const, "!=" as const)
const comparison = fc.oneof(equality, fc.constantFrom("<" as const, "<=" as const, ">" as const, ">=" as const))
const containing = fc.constantFrom("contains" as const, "not contains" as const)
const anyOf = (literal: fc.Arbitrary<Literal>) =>
  fc.array(literal, { minLength: 1, maxLength: 3 }).map((options): Target => ({ _tag: "Any", options }))
const glob = fc
  .oneof(anyText, fc.constantFrom("*", "a*", "*b*c", "<p>(*)</p>", "*)"))
  .map((pattern): Target => ({ _tag: "Glob", pattern }))
const regex = fc
  .constantFrom("error|fail", "^a+$", '"[^"]*"', "\\d{3}\\\\", "(?i)ok", "[ ab]c ")
  .map((pattern): Target => ({ _tag: "Regex", pattern, size: size(pattern) }))
const condition = <O>(left: fc.Arbitrary<Source>, operator: fc.Arbitrary<O>, right: fc.Arbitrary<Target>) =>
  fc.record({ left, operator, right })

/** Every kind of condition there is, in the form in which `parse` gives them. */
export const anyCondition: fc.Arbitrary<ParsedCondition> = fc.oneof(
  condition(numbers, comparison, numberLiteral),
  condition(numbers, equality, fc.oneof(anyOf(numberLiteral), glob)),
  condition(times, comparison, timeLiteral),
  condition(
    booleans,
    equality,
    fc.constantFrom("true", "false").map((text): Target => ({ _tag: "Text", text })),
  ),
  condition(fc.oneof(single, many), comparison, anyLiteral),
  condition(fc.oneof(single, many), equality, fc.oneof(anyOf(anyLiteral), glob)),
  condition(fc.oneof(single, many), containing, fc.oneof(anyOf(anyLiteral), glob, anyLiteral, single)),
  condition(fc.oneof(single, many, numbers), fc.constantFrom("matches" as const, "not matches" as const), regex),
  condition(fc.oneof(single, many, numbers, times), comparison, fc.oneof(single, times)),
)
