import { assert, describe, it } from "@effect/vitest"
import {
  loginResponse,
  readColumn,
  readColumnCount,
  readError,
  readGreeting,
  readPacket,
  readRow,
} from "@uptime/prober/MysqlPackets"
import { FastCheck as fc } from "effect"

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))

/** A packet as a server writes it. */
const written = (sequence: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUIntLE(payload.length, 0, 3)
  head[3] = sequence
  return Buffer.concat([head, payload])
}

/** A text with its length, as rows have it. */
const counted = (text: string): Buffer => {
  const content = Buffer.from(text)
  if (content.length < 0xfb) return Buffer.concat([Buffer.from([content.length]), content])
  const head = Buffer.from([0xfc, 0, 0])
  head.writeUInt16LE(content.length, 1)
  return Buffer.concat([head, content])
}

describe("packets of MySQL", () => {
  it.prop("are read one after the other, whole", [fc.nat(255), bytes, bytes], ([sequence, payload, rest]) => {
    fc.pre(payload.length > 0)
    const whole = written(sequence, payload)
    const found = { value: { sequence, payload }, size: whole.length }
    assert.deepStrictEqual(readPacket(Buffer.concat([whole, rest])), found)
    for (let length = 0; length < whole.length; length++) {
      assert.strictEqual(readPacket(whole.subarray(0, length)), "more")
    }
  })

  it.prop("of any bytes are no surprise", [bytes], ([payload]) => {
    const found = readPacket(payload)
    if (typeof found === "object") assert.isAtMost(found.size, payload.length)
    const packet = { sequence: 0, payload }
    readGreeting(packet)
    readColumn(packet)
    readColumnCount(packet)
    readError(packet)
    readRow(packet, [
      { name: "a", type: 245 },
      { name: "b", type: 3 },
    ])
  })

  it.prop(
    "are rows of text and nothing",
    [fc.array(fc.option(fc.string({ maxLength: 400 })), { minLength: 1 })],
    ([values]) => {
      const columns = values.map((_, i) => ({ name: `c${i}`, type: 253 }))
      const payload = Buffer.concat(values.map((value) => (value === null ? Buffer.from([0xfb]) : counted(value))))
      const row = readRow({ sequence: 0, payload }, columns)
      assert.deepStrictEqual(
        row,
        values.map((value, i) => [`c${i}`, value === null ? null : Buffer.from(value).toString()]),
      )
      assert.isNull(readRow({ sequence: 0, payload }, [...columns, { name: "more", type: 253 }]))
    },
  )

  it("log in with what the server needs to know, and claim nothing dangerous", () => {
    const login = { username: "me", database: "shop", plugin: "mysql_native_password", token: Buffer.from([1, 2]) }
    const sent = loginResponse(1, { ...login, isEncrypted: false })
    const capabilities = sent.readUInt32LE(4)
    // LOCAL_FILES and MULTI_STATEMENTS.
    assert.strictEqual(capabilities & (0x80 | 0x10000), 0)
    assert.strictEqual(sent.toString("latin1", 36), "me\0\x02\x01\x02shop\0mysql_native_password\0")
    const without = loginResponse(1, { ...login, database: undefined, isEncrypted: true })
    assert.strictEqual(without.readUInt32LE(4), (capabilities | 0x800) & ~0x8)
  })
})
