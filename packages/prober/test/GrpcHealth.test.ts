import { assert, describe, it } from "@effect/vitest"
import { decodeHealthResponse, encodeHealthRequest, statusCode } from "@uptime/prober/GrpcHealth"
import { FastCheck as fc } from "effect"

const framed = (...message: ReadonlyArray<number>) => Buffer.from([0, 0, 0, 0, message.length, ...message])

describe("a health request", () => {
  it("of the server as a whole is empty", () => assert.deepStrictEqual(encodeHealthRequest(""), framed()))

  it("names the service", () => assert.deepStrictEqual(encodeHealthRequest("a.B"), framed(0x0a, 3, 0x61, 0x2e, 0x42)))

  it("tells a longer name's length in two bytes", () => {
    const bytes = encodeHealthRequest("é".repeat(100))
    assert.deepStrictEqual(bytes.subarray(0, 8), Buffer.from([0, 0, 0, 0, 203, 0x0a, 0xc8, 0x01]))
    assert.strictEqual(bytes.toString("utf8", 8), "é".repeat(100))
  })
})

describe("the answer to a health request", () => {
  for (const [status, ...message] of [
    ["UNKNOWN"],
    ["UNKNOWN", 8, 0],
    ["SERVING", 8, 1],
    ["NOT_SERVING", 8, 2],
    ["SERVICE_UNKNOWN", 8, 3],
    ["UNKNOWN", 8, 77],
    // The last one counts, and what is not known is passed over: a varint, eight bytes, a text, four bytes.
    ["SERVING", 8, 2, 8, 1],
    ["SERVING", 0x10, 0x96, 0x01, 0x19, 1, 2, 3, 4, 5, 6, 7, 8, 0x22, 2, 0x61, 0x62, 0x2d, 1, 2, 3, 4, 8, 1],
    // As an enumeration of ten bytes, which is how negative ones are written.
    ["UNKNOWN", 8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1],
  ] as const) {
    it(`is ${status}: ${message.join(" ")}`, () => assert.strictEqual(decodeHealthResponse(framed(...message)), status))
  }

  for (const [what, bytes] of [
    ["empty", Buffer.alloc(0)],
    ["compressed", Buffer.from([1, 0, 0, 0, 2, 8, 1])],
    ["shorter than it says", Buffer.from([0, 0, 0, 0, 3, 8, 1])],
    ["two messages", Buffer.concat([framed(8, 1), framed(8, 1)])],
    ["a field without its value", framed(8)],
    ["a number without end", framed(8, ...Array.from({ length: 11 }, () => 0x80), 1)],
    ["a text that is longer than the message", framed(0x22, 100, 1)],
    ["a text longer than anything", framed(0x22, 255, 255, 255, 255, 255, 255, 255, 255, 127)],
    ["a group", framed(0x0b, 0x0c)],
  ] as const) {
    it(`is none when it is ${what}`, () => assert.isNull(decodeHealthResponse(bytes)))
  }

  it.prop("is read, or refused, whatever it holds", [fc.uint8Array({ maxLength: 200 })], ([noise]) => {
    decodeHealthResponse(framed(...noise))
    decodeHealthResponse(Buffer.from(noise))
  })
})

describe("a gRPC status code", () => {
  it("has its name, or none", () =>
    assert.deepStrictEqual(["0", "5", "12", "16", "17", "-1", "", "1e1", "x"].map(statusCode), [
      "OK",
      "NOT_FOUND",
      "UNIMPLEMENTED",
      "UNAUTHENTICATED",
      null,
      null,
      null,
      null,
      null,
    ]))
})
