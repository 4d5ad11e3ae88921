import { assert, describe, it } from "@effect/vitest"
import { LogoType, maxLogoBytes } from "@uptime/domain/StatusPage"
import fc from "fast-check"
import { base64Of, logoRefusal, logoTypes, mostLogoBytes } from "../../src/statusPages/logoFile.ts"

describe("a logo's file", () => {
  it("is taken within the api's bounds, and told apart before it is sent", () => {
    assert.strictEqual(mostLogoBytes, maxLogoBytes)
    assert.deepStrictEqual([...logoTypes], [...LogoType.literals])
    assert.isUndefined(logoRefusal({ size: maxLogoBytes, type: "image/png" }))
    assert.match(logoRefusal({ size: maxLogoBytes + 1, type: "image/png" }) ?? "", /201 KB/)
    assert.match(logoRefusal({ size: 10, type: "image/svg+xml" }) ?? "", /PNG, JPEG or WebP/)
  })

  it("is sent byte by byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        assert.deepStrictEqual(
          Buffer.from(await base64Of(new Blob([new Uint8Array(bytes)])), "base64"),
          Buffer.from(bytes),
        )
      }),
    )
  })
})
