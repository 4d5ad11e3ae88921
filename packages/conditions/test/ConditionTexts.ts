/** Pieces of which conditions are made, and of which none should be. */
const fragments = [
  ..."[STATUS] [BODY] [body] [HEADERS].x [PHASES].tls [RECORDS] [RESPONSE_TIME] [NO] [a-z]+ == != < not 200 300ms 1d UP".split(
    " ",
  ),
  ..."\" ' \\ \\u00 .a .. [0] [*] [1:2] [? @.a $ ( ) ] , any( pat( len( has( && ! * - 1e {3} |".split(" "),
  ...[" ", " == ", " != ", " < ", " >= ", " contains ", " not  contains ", '"a b"', "match(@, 'a')", " || ", "matches"],
  ...["\t", "\n", "\u0000", "\u0085", "\u00a0", "\u2028", "\ud800", "\udc00", "\u{1f600}", "é", "\ufeff"],
]
const lefts = ["[STATUS]", "[BODY]", "[BODY].a-b", "[BODY].$..a[?@.b=='c']", "len([BODY].a)", "[RECORDS]", "any(1, 2)"]
const middles = [" == ", " != ", " < ", "  >=\t", " contains ", " not  contains "]
const rights = ["200", "300ms", "UP", "it is ok", '"a \\" b"', "any(1, b)", "pat(a*)", "[BODY].b", "[PHASES].dns"]

/**
 * Texts that are conditions, that nearly are, and that are nothing of the kind, without an end.
 *
 * @param seed the same seed gives the same texts
 */
export function* conditionTexts(seed: number): Generator<string, never> {
  let state = seed
  /** A whole number below `bound` (a linear congruential generator). */
  const below = (bound: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
  const pick = (texts: ReadonlyArray<string>) => texts[below(texts.length)] ?? ""
  while (true) {
    const written = pick(lefts) + pick(middles) + pick(rights)
    yield written
    const at = below(written.length + 1)
    yield written.slice(0, at) + pick(fragments) + written.slice(at + below(4))
    yield Array.from({ length: below(9) }, () => pick(fragments)).join("")
    yield String.fromCharCode(...Array.from({ length: below(6) }, () => below(below(2) === 0 ? 128 : 65_536)))
    // Regular expressions are compiled: one text in sixty.
    if (below(12) === 0)
      yield `[BODY] matches ${pick(['"a+', "(a|b)+$", '"\\\\d"', "[", '"\\""', "a{9}{9}", "\\"])}${pick(fragments)}`
  }
}
