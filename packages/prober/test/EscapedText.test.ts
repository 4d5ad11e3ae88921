import { assert, describe, it } from "@effect/vitest"
import { unescaped } from "@uptime/prober/EscapedText"
import { FastCheck as fc } from "effect"

/** Any bytes, each as an escape of its value. */
const escaped = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")

describe("text with escapes", () => {
  it("stands for line ends, tabs, backslashes and bytes", () => {
    assert.deepStrictEqual(unescaped("a\\r\\n\\t\\\\b\\x00\\xfF"), Buffer.from("a\r\n\t\\b\x00\xff", "latin1"))
    assert.deepStrictEqual(unescaped("\u00e9\u{1f600}"), Buffer.from("\u00e9\u{1f600}", "utf8"))
    assert.deepStrictEqual(unescaped("\\\\x41 \\\\\\n"), Buffer.from("\\x41 \\\n"))
  })

  it("leaves a backslash alone that begins nothing", () => {
    assert.deepStrictEqual(unescaped("\\q \\x4 \\xzz \\X41 \\"), Buffer.from("\\q \\x4 \\xzz \\X41 \\"))
  })

  it.prop("can stand for any bytes", [fc.uint8Array()], ([bytes]) => {
    assert.deepStrictEqual(unescaped(escaped(bytes)), Buffer.from(bytes))
  })

  it.prop("is itself in UTF-8 where it has no backslash", [fc.string({ unit: "grapheme" })], ([text]) => {
    const plain = text.replaceAll("\\", "/")
    assert.deepStrictEqual(unescaped(plain), Buffer.from(plain, "utf8"))
  })

  it.prop("is the text again when its backslashes are doubled", [fc.string({ unit: "grapheme" })], ([text]) => {
    assert.deepStrictEqual(unescaped(text.replaceAll("\\", "\\\\")), Buffer.from(text, "utf8"))
  })
})
