import { assert, describe, it } from "@effect/vitest"
import { badgeCode, widgetCode } from "../../src/statusPages/embedCode.ts"

const page = "https://up.example.org/status/acme"
const badge = `${page}/badges/abcdefghijkl/uptime-30d`

describe("what embeds a badge", () => {
  it("shows it, and leads to the page", () => {
    assert.strictEqual(badgeCode("markdown", page, badge, "Uptime"), `[![Uptime](${badge}.svg)](${page})`)
    assert.strictEqual(
      badgeCode("html", page, badge, "Uptime"),
      `<a href="${page}"><img src="${badge}.svg" alt="Uptime" height="20"></a>`,
    )
    assert.strictEqual(badgeCode("url", page, badge, "Uptime"), `${badge}.svg`)
    const shields = new URL(badgeCode("shields", page, badge, "Uptime"))
    assert.strictEqual(shields.searchParams.get("url"), `${badge}.json`)
  })

  it("holds names as text, whatever is in them", () => {
    const name = `a]"><script>alert(1)</script>`
    assert.notInclude(badgeCode("html", page, badge, name), "<script")
    assert.notInclude(widgetCode(page, name), "<script")
    assert.include(badgeCode("markdown", page, badge, name), "a\\]")
  })
})
