import { assert, describe, it } from "@effect/vitest"
import { cssRefusal } from "@uptime/domain/CustomCss"
import { FastCheck } from "effect"

describe("CustomCss", () => {
  it("takes what styles the page", () => {
    for (const css of [
      "",
      "h1 { color: #123456; font: 700 2rem/1.2 system-ui }",
      ".bar::before { content: '\\201C' }",
      "@media (prefers-color-scheme: dark) { :root { --accent: oklch(70% 0.1 200) } }",
      "a { scroll-behavior: smooth }",
      ".logo { background: url(data:image/png;base64,iVBORw0KGgo=) }",
    ]) {
      assert.isNull(cssRefusal(css), css)
    }
  })

  it("refuses what reaches beyond it, however it is written", () => {
    for (const css of [
      "@import url(//evil.example)",
      "@IMPORT 'x'",
      "@\\69mport 'x'",
      "@\\000069 mport 'x'",
      "@im\\port 'x'",
      "a { background: url(https://evil.example/x) }",
      "a { background: u\\72l(https://evil.example/x) }",
      "a { background: URL( '//evil.example' ) }",
      "a { background: url/**/(//evil.example) }",
      "a { background: url(data:image/svg+xml;base64,PHN2Zz4=) }",
      "a { background: image-set('x.png' 1x) }",
      "a { background: src('x.png') }",
      "@font-face { font-family: x; src: local(x) }",
      "</style><script>alert(1)</script>",
      "\\3c/style>",
      "a { width: expression(alert(1)) }",
      "a { behavior: url(x.htc) }",
    ]) {
      assert.isNotNull(cssRefusal(css), css)
    }
  })

  it("refuses an @import in the midst of anything", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.string(), FastCheck.string(), (before, after) => {
        // A comment that is not closed, or a backslash, makes it another word, which is no rule for a browser either.
        FastCheck.pre(!before.includes("/*") && !before.endsWith("\\") && !before.endsWith("/"))
        assert.isNotNull(cssRefusal(`${before}@import 'x';${after}`))
      }),
    )
  })
})
