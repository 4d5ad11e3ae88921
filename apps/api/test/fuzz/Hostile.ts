import { Predicate } from "effect"
import type { Random } from "./Random.ts"

const deep = (depth: number): unknown => {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value }
  return value
}

/** Values that are wrong in most places. */
const values: readonly [unknown, ...ReadonlyArray<unknown>] = [
  null,
  true,
  0,
  -1,
  -0,
  1.5,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\udc00\ud800",
  "\u202e\u2066",
  "\ufffe",
  "x".repeat(5_000),
  "é".repeat(300),
  "😀".repeat(120),
  "0",
  "-1",
  "1e9",
  "NaN",
  "null",
  "true",
  "99999999999999999999",
  "'; DROP TABLE users; --",
  "' OR '1'='1",
  "%00",
  "%",
  "\\",
  "a\r\nX-Injected: 1",
  "{{constructor.constructor('return process')()}}",
  ["$", "{7*7}"].join(""),
  "<%= 7*7 %>",
  '"><script>alert(1)</script>',
  "../../../../etc/passwd",
  "..%2f..%2fetc%2fpasswd",
  `${"a".repeat(3_000)}!`,
  `${"(".repeat(400)}`,
  "[BODY].".repeat(60),
  [],
  [[]],
  [null],
  {},
  { $gt: "" },
  { toString: 1, constructor: 1 },
  { length: 1e9 },
  JSON.parse('{ "__proto__": { "admin": true } }'),
  deep(8),
  deep(40),
  Array.from({ length: 2_000 }, () => 0),
  "http://",
  "http://user:secret@example.com/",
  "http://example.com:99999/",
  "http://127.0.0.1/",
  "http://[::ffff:127.0.0.1]/",
  "http://169.254.169.254/latest/meta-data/",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "0000-00-00",
  "2026-02-30T00:00:00Z",
  "+275760-09-13T00:00:00Z",
  "-000001-01-01T00:00:00Z",
  "275761-01-01",
  "0190a5f4-0000-7000-8000-00000000dead",
  "0190A5F4-0000-7000-8000-00000000DEAD",
]

/** A value that is wrong in most places. */
export const hostileValue = (random: Random): unknown => random.pick(values)

/** A text that is wrong in most places. */
export const hostileText = (random: Random): string => {
  const value = hostileValue(random)
  return Predicate.isString(value) ? value : JSON.stringify(value)
}

const extraFields = [
  "unknownField",
  "id",
  "userId",
  "user_id",
  "role",
  "isAdmin",
  "createdAt",
  "tokenVersion",
  "_tag",
] as const

/** A copy in which one place is wrong: another value, a field too many or too few, an item too many. */
export const mutated = (value: unknown, random: Random): unknown => {
  if (random.chance(0.1)) return hostileValue(random)
  if (Array.isArray(value)) {
    const at = random.below(value.length + 1)
    if (at === value.length) return [...value, hostileValue(random)]
    return value.with(at, mutated(value[at], random))
  }
  if (!Predicate.isRecord(value)) return hostileValue(random)
  const fields = Object.keys(value)
  const name = random.any(fields)
  if (name === undefined || random.chance(0.15)) return { ...value, [random.pick(extraFields)]: hostileValue(random) }
  if (random.chance(0.15)) return Object.fromEntries(Object.entries(value).filter(([field]) => field !== name))
  return { ...value, [name]: mutated(value[name], random) }
}
