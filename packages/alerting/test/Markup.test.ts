import { assert, describe, it } from "@effect/vitest"
import {
  chatMarkdown,
  discordMarkdown,
  html,
  type Markup,
  markdown,
  plainMessage,
  plainText,
  slackText,
  summary,
  telegramHtml,
} from "@uptime/alerting/Markup"
import { oneLine } from "@uptime/alerting/TextLimit"
import { FastCheck as fc } from "effect"
import { anyAlert, anyText, opened } from "./Alerts.ts"

const all: Readonly<Record<string, Markup>> = {
  plainText,
  html,
  telegramHtml,
  slackText,
  discordMarkdown,
  markdown,
  chatMarkdown,
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" }
const withoutEntities = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? "")
const withoutSpaces = (text: string): string => text.replaceAll("\u200b", "")
/** What a reader of Markdown makes of backslashes. */
const withoutBackslashes = (text: string): string => text.replace(/\\([!-/:-@[-`{-~])/g, "$1")

/** The signs of a text that no backslash stands before. */
const unescaped = (text: string): string => text.replace(/\\[\s\S]/g, "")

describe.each(Object.entries(all))("%s", (_, markup) => {
  it.prop(
    "is never longer than the limit, well-formed, and without control characters",
    [anyAlert, fc.nat(5_000)],
    ([alert, max]) => {
      const text = summary(markup, alert, max)
      assert.isAtMost(text.length, max)
      assert.isTrue(text.isWellFormed())
      assert.notMatch(text.replaceAll("\n", ""), /\p{Cc}/u)
    },
  )

  it("says all there is to say where there is room", () => {
    const text = summary(markup, opened, 4_000)
    for (const word of ["Since", "refused", "USA", "India", "Tags"]) assert.include(text, word)
    assert.include(text, `/incidents/${opened.incidentId}`)
  })

  it("cuts what a person wrote where there is no room for all of it, and never within an escape", () => {
    const note = "a&b <c> 'd' *e* f_g. ".repeat(100)
    for (let max = 150; max < 200; max++) {
      const text = summary(markup, { ...opened, incidentUrl: null, note }, max)
      assert.isAtMost(text.length, max)
      assert.isAbove(text.length, max - 12)
      assert.isTrue(text.endsWith("…"))
      assert.isTrue(markup.text(note).startsWith(text.slice(0, -1)))
    }
  })

  it("keeps the incident's address where there is no room for all else", () => {
    const link = markup.link(opened.incidentUrl ?? "")
    const text = summary(markup, opened, link.length + 60)
    assert.isTrue(text.endsWith(link))
    assert.include(text, "…")
  })
})

describe("a hostile text", () => {
  it.prop("is text in HTML", [anyText], ([text]) => {
    const escaped = html.text(text)
    assert.notMatch(escaped, /[<>"']/)
    assert.notMatch(escaped, /&(?!(?:amp|lt|gt|quot|#39);)/)
    assert.strictEqual(withoutEntities(escaped), oneLine(text))
  })

  it.prop("is text in Telegram, and calls nobody", [anyText], ([text]) => {
    const escaped = telegramHtml.text(text)
    assert.notMatch(escaped, /[<>"']|@(?!\u200b)/)
    assert.notMatch(escaped, /&(?!(?:amp|lt|gt|quot|#39);)/)
    assert.strictEqual(withoutSpaces(withoutEntities(escaped)), withoutSpaces(oneLine(text)))
  })

  it.prop("is no link and no mention in Slack", [anyText], ([text]) => {
    const escaped = slackText.text(text)
    assert.notMatch(escaped, /[<>]|&(?!(?:amp|lt|gt);)/)
    assert.strictEqual(withoutEntities(escaped), oneLine(text))
  })

  it.prop("formats nothing in Discord", [anyText], ([text]) => {
    const escaped = discordMarkdown.text(text)
    assert.notMatch(unescaped(escaped), /[\\*_~`|<>#+\-.:@()[\]]/)
    assert.strictEqual(withoutBackslashes(escaped), oneLine(text))
  })

  it.prop("formats nothing in Markdown, and calls nobody", [anyText], ([text]) => {
    const escaped = markdown.text(text)
    assert.notMatch(unescaped(escaped), /[\\`*{}[\]()#+\-.!_~|>]|[@<](?!\u200b)|:\/\//)
    assert.strictEqual(withoutSpaces(withoutBackslashes(escaped)), withoutSpaces(oneLine(text)))
  })

  it.prop("formats nothing in chats without escapes, and calls nobody", [anyText], ([text]) => {
    const escaped = chatMarkdown.text(text)
    assert.notMatch(escaped, /[*`~\\$]|[@#[\]<>!_|:](?!\u200b)/)
    assert.strictEqual(withoutSpaces(escaped).length, withoutSpaces(oneLine(text)).length)
  })

  it.prop("ends no link", [fc.oneof(anyText, fc.webUrl({ withQueryParameters: true }))], ([url]) => {
    assert.match(html.link(url), /^<a href="[^"<>]*">[^<>]*<\/a>$/)
    assert.match(telegramHtml.link(url), /^<a href="[^"<>]*">[^<>]*<\/a>$/)
    assert.match(slackText.link(url), /^<[^<>|]*>$/)
    assert.match(discordMarkdown.link(url), /^<[^<>\s]*>$/)
    assert.notMatch(markdown.link(url), /[<>()[\]\s\\*`|]/)
  })
})

describe("a message of plain text", () => {
  it.prop("keeps within its limit and begins with the headline", [anyAlert, fc.nat(500)], ([alert, max]) => {
    const text = plainMessage("It is down", alert, max)
    assert.isAtMost(text.length, max)
    assert.isTrue(text.isWellFormed())
    if (max >= 10) assert.isTrue(text.startsWith("It is down"))
  })
})
