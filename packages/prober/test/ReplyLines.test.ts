import { assert, describe, it } from "@effect/vitest"
import { readReply } from "@uptime/prober/ReplyLines"
import { FastCheck as fc } from "effect"

/** What a reader says once it has been shown the bytes in these pieces, each time all of them so far. */
const readIn = (pieces: ReadonlyArray<Buffer>) => {
  const reader = readReply()
  let seen = Buffer.alloc(0)
  for (const piece of pieces) {
    seen = Buffer.concat([seen, piece])
    const found = reader(seen)
    if (found !== "more") return found
  }
  return "more"
}

const read = (text: string) => readIn([Buffer.from(text, "latin1")])

const line = fc.stringMatching(/^[A-Za-z0-9 -]{0,20}$/)

describe("a reply of SMTP or FTP", () => {
  it("is one line, or several of which the last says so", () => {
    assert.deepStrictEqual(read("220 ready\r\nrest"), { value: { code: 220, lines: ["ready"] }, size: 11 })
    assert.deepStrictEqual(read("250-a\r\n250-b\n250 c\r\n"), {
      value: { code: 250, lines: ["a", "b", "c"] },
      size: 20,
    })
    assert.deepStrictEqual(read("250\r\n"), { value: { code: 250, lines: [""] }, size: 5 })
    assert.deepStrictEqual(read("220-Welcome\r\n 220 x\r\n221 y\r\n220 z\r\n"), {
      value: { code: 220, lines: ["Welcome", " 220 x", "221 y", "z"] },
      size: 35,
    })
  })

  it("is not there yet, or never will be", () => {
    for (const text of ["", "2", "220", "220 ready", "220-a\r\n", "220-a\r\n220 b"])
      assert.strictEqual(read(text), "more", text)
    for (const text of ["x", "22x", "2200\r\n", "220x\r\n", "\r\n", "\u0000"])
      assert.strictEqual(read(text), "malformed", text)
  })

  it.prop(
    "is the same however its bytes come",
    [
      fc.integer({ min: 100, max: 999 }),
      fc.array(line, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(20), { minLength: 1 }),
    ],
    ([code, lines, sizes]) => {
      const text = lines.map((text, i) => `${code}${i === lines.length - 1 ? " " : "-"}${text}\r\n`).join("")
      const whole = Buffer.from(text)
      const pieces: Array<Buffer> = []
      for (let at = 0, i = 0; at < whole.length; i++) {
        const size = (sizes[i % sizes.length] ?? 0) + 1
        pieces.push(whole.subarray(at, at + size))
        at += size
      }
      assert.deepStrictEqual(readIn(pieces), { value: { code, lines }, size: whole.length })
    },
  )

  it.prop(
    "of any bytes is no surprise",
    [fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 })],
    ([pieces]) => {
      const found = readIn(pieces.map((piece) => Buffer.from(piece)))
      if (typeof found === "object") assert.isAtLeast(found.value.lines.length, 1)
    },
  )
})
