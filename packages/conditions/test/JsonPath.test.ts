import { assert, describe, it } from "@effect/vitest"
import type { Json } from "@uptime/conditions/Json"
import type { JsonPath } from "@uptime/conditions/jsonpath/JsonPath"
import { bodyPath, strictPath } from "@uptime/conditions/jsonpath/JsonPathParser"
import { printPath } from "@uptime/conditions/jsonpath/JsonPathPrinter"
import { select } from "@uptime/conditions/jsonpath/JsonPathQuery"
import { Scanner } from "@uptime/conditions/Scanner"
import { Work } from "@uptime/conditions/Work"
import { FastCheck as fc } from "effect"
import { query } from "json-p3"
import { anyPath } from "./ConditionArbitrary.ts"

/** Documents in which the names and values of generated queries occur. */
const { document } = fc.letrec<{ document: Json; leaf: Json }>((tie) => ({
  leaf: fc.oneof(
    fc.integer({ min: -3, max: 5 }),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom("ok", "a", "ab", "john", ""),
  ),
  document: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    tie("leaf"),
    fc.array(tie("document"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "x-y", "$ref"), tie("document"), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
}))

const read = (text: string, parsePath: (scanner: Scanner) => JsonPath | null): JsonPath => {
  const scanner = new Scanner(text)
  const path = parsePath(scanner)
  if (path === null || !scanner.isAtEnd) return assert.fail(scanner.error?.message ?? `stopped at ${scanner.position}`)
  return path
}

const books = {
  store: {
    book: [
      { category: "reference", author: "Nigel Rees", price: 8.95 },
      { category: "fiction", author: "Evelyn Waugh", price: 12.99 },
      { category: "fiction", author: "Herman Melville", isbn: "0-553-21311-3", price: 8.99 },
    ],
    bicycle: { color: "red", price: 399 },
  },
}

describe("a JSONPath query", () => {
  it("gives what another implementation of RFC 9535 gives", () => {
    let found = 0
    fc.assert(
      fc.property(anyPath, document, (path, root) => {
        // The other one reads neither exponents nor long fractions nor escaped control characters.
        fc.pre(!/\de|\d\.\d{5}|\\u00/.test(printPath(path)))
        // Nor does it compare texts by code point, as section 2.3.5.2.2 has it, but by halves of surrogate pairs.
        fc.pre(!/(?=.*[\ud800-\udfff])(?=.*[\ue000-\uffff])/s.test(printPath(path) + JSON.stringify(root)))
        const ours = select(path, root, root, new Work())
        const theirs = query(`$${printPath(path)}`, root).values()
        assert.strictEqual(
          JSON.stringify(ours),
          JSON.stringify(theirs),
          `$${printPath(path)} of ${JSON.stringify(root)}`,
        )
        if (ours.length > 0) found++
      }),
      { numRuns: 4_000 },
    )
    assert.isAbove(found, 800)
  })

  it.each([
    [".store.book[0].price", [8.95]],
    [".store.book[-1].author", ["Herman Melville"]],
    [".store..price", [8.95, 12.99, 8.99, 399]],
    ['.store.book[?"\uf900" < "\u{10000}"].isbn', ["0-553-21311-3"]],
    ['.store.book[?"\uf900" > "\u{10000}"].isbn', []],
    [".store.book[?@.price < 10].author", ["Nigel Rees", "Herman Melville"]],
    [".store.book[?@.isbn].price", [8.99]],
    [".store.book[?!@.isbn && @.category == 'fiction'].price", [12.99]],
    [".store.book[?match(@.author, '.*e')].price", [8.99]],
    [".store.book[?search(@.author, 'l.n')].price", [12.99]],
    [".store.book[?length(@.author) > 12].price", [8.99]],
    ["[?count(@.*) == 2].bicycle.color", ["red"]],
    [".store.book[1:].price", [12.99, 8.99]],
    [".store.book[::-1].price", [8.99, 12.99, 8.95]],
    [".store.book[0, 2].price", [8.95, 8.99]],
    [".store['bicycle', 'car'].color", ["red"]],
    [".none", []],
    [".store.book.length", []],
    [".constructor", []],
  ])("%s", (text, expected) => {
    assert.deepStrictEqual(select(read(text, strictPath), books, books, new Work()), expected)
    assert.deepStrictEqual(read(printPath(read(text, strictPath)), bodyPath), read(text, strictPath))
  })

  it("finds a member of any name, and only the document's own", () => {
    const root: Json = JSON.parse('{"__proto__": 1, "a": {}}')
    assert.deepStrictEqual(select(read('["__proto__"]', strictPath), root, root, new Work()), [1])
    assert.deepStrictEqual(select(read(".a.__proto__", bodyPath), root, root, new Work()), [])
    assert.deepStrictEqual(select(read(".toString", bodyPath), root, root, new Work()), [])
  })
})
