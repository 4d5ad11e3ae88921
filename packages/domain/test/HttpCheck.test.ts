import { assert, describe, it } from "@effect/vitest"
import { httpOptions } from "@uptime/domain/checks/HttpCheck"
import { SealedSecret } from "@uptime/domain/Secret"
import { Either, Schema } from "effect"

const decode = Schema.decodeUnknownEither(httpOptions(SealedSecret))

const messageOf = (http: object) => Either.match(decode(http), { onLeft: String, onRight: () => null })

describe("a header of an HTTP check", () => {
  it("may be any but those by which a message is framed, in any case, secret or not", () => {
    for (const name of ["Connection", "content-length", "Transfer-Encoding", "TE", "Upgrade", "EXPECT", "Keep-Alive"]) {
      const secret = { name, value: { sealed: "v1:AAAA" } }
      assert.include(messageOf({ headers: [{ name, value: "1" }] }) ?? "", "sets by itself", name)
      assert.include(messageOf({ secretHeaders: [secret] }) ?? "", "sets by itself", name)
    }
    for (const name of ["Host", "Cookie", "Authorization", "Accept-Encoding", "Content-Type", "X-Anything"]) {
      assert.isNull(messageOf({ headers: [{ name, value: "1" }] }), name)
    }
  })

  it("has a name and a value that HTTP can carry", () => {
    for (const [name, value] of [
      ["X Y", "1"],
      ["", "1"],
      ["X", "a\r\nY: b"],
      ["X", "caf\u00e9"],
      ["X", " a"],
    ] as const) {
      assert.isNotNull(messageOf({ headers: [{ name, value }] }), JSON.stringify([name, value]))
    }
  })
})
