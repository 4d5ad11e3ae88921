import { assert, describe, it } from "@effect/vitest"
import { firstRowsOf, readColumns, readError, readMessage, readRow, startup } from "@uptime/prober/PostgresMessages"
import { FastCheck as fc } from "effect"

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))
const types = fc.constantFrom(..."RESZTDNKC123nsGHWdv")

/** A message as a server writes it. */
const written = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type, "latin1")
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

describe("messages of PostgreSQL", () => {
  it.prop("are read one after the other, whole", [types, bytes, bytes], ([type, body, rest]) => {
    const whole = written(type, body)
    assert.deepStrictEqual(readMessage(Buffer.concat([whole, rest])), { value: { type, body }, size: whole.length })
    for (let length = 0; length < whole.length; length++) {
      assert.strictEqual(readMessage(whole.subarray(0, length)), "more")
    }
  })

  it.prop("of any bytes are no surprise", [bytes], ([any]) => {
    const found = readMessage(any)
    if (typeof found === "object") assert.isAtMost(found.size, any.length)
    const message = { type: "E", body: any }
    readError(message)
    const columns = readColumns(message) ?? []
    readRow(message, columns)
    readRow(message, [{ name: "a", type: 114 }])
  })

  it("tell an error by its code, and are malformed without an end", () => {
    const fields = "SERROR\0VERROR\0C28P01\0Mno\0Rroutine\0"
    assert.deepStrictEqual(readError({ type: "E", body: Buffer.from(`${fields}\0`) }), { code: "28P01", text: "no" })
    for (const body of [fields, "S", "SERROR", ""])
      assert.isNull(readError({ type: "E", body: Buffer.from(body) }), body)
  })

  it("are written as the protocol has them", () => {
    assert.strictEqual(
      startup({ user: "a", database: "b" }).toString("latin1"),
      "\0\0\0\x1b\0\x03\0\0user\0a\0database\0b\0\0",
    )
    const messages = firstRowsOf("SELECT 1", 100)
    const read: Array<string> = []
    for (let at = 0; at < messages.length; ) {
      const found = readMessage(messages.subarray(at))
      if (typeof found !== "object") return assert.fail("not a message")
      read.push(found.value.type)
      at += found.size
    }
    assert.deepStrictEqual(read, ["P", "B", "D", "E", "S"])
  })
})
