import { assert, describe, it } from "@effect/vitest"
import type { Alert } from "@uptime/alerting/Alert"
import type { HttpMessage, MailMessage } from "@uptime/alerting/Channel"
import type { ChannelKind } from "@uptime/alerting/ChannelConfig"
import { channels, messageOf } from "@uptime/alerting/Channels"
import { anyAlert, hostileTexts, monitor, opened } from "./Alerts.ts"
import { configs } from "./Configs.ts"

const fieldsOf = (message: HttpMessage): unknown =>
  message.headers["content-type"]?.includes("json") === true
    ? JSON.parse(message.body)
    : Object.fromEntries(new URLSearchParams(message.body))

/** Every text inside a document, with the names that lead to it. */
const textsOf = (value: unknown, path = ""): ReadonlyArray<readonly [string, string]> => {
  if (typeof value === "string") return [[path, value]]
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => textsOf(inner, path === "" ? name : `${path}.${name}`))
}

/** What each provider documents as the most that it takes, in characters; the body in bytes. A `*` is any part of a path. */
const limits: Readonly<Record<ChannelKind, Readonly<Record<string, number>>>> = {
  webhook: {},
  email: {},
  slack: { "blocks.0.text.text": 150, "blocks.*.text.text": 3_000, "blocks.*.elements.0.url": 3_000 },
  discord: { "embeds.0.title": 256, "embeds.0.description": 4_096, "embeds.0.footer.text": 2_048 },
  telegram: { text: 4_096 },
  teams: { body: 28_000 },
  pagerduty: { "payload.summary": 1_024, body: 512_000 },
  opsgenie: { message: 130, alias: 512, description: 15_000, entity: 512, source: 100, note: 25_000, "tags.0": 50 },
  ntfy: { title: 250, body: 65_536 },
  gotify: { body: 65_536 },
  pushover: { title: 250, message: 1_024, url: 512, url_title: 100 },
  // The event has what its server adds, too, within 65,536.
  matrix: { body: 60_000 },
  mattermost: { "attachments.0.text": 16_383 },
  googleChat: { body: 32_000 },
  rocketChat: { "attachments.0.text": 5_000 },
  zulip: { content: 10_000, topic: 60 },
  twilioSms: { Body: 1_600 },
  homeAssistant: { body: 65_536 },
  grafanaOnCall: { body: 65_536 },
  alertmanager: { body: 65_536 },
  apprise: { body: 65_536 },
}

const bytes = (text: string): number => new TextEncoder().encode(text).length

const checkLimits = (kind: ChannelKind, alert: Alert) => {
  const message = messageOf(configs[kind], alert)
  if (message._tag === "Mail") {
    assert.isAtMost(message.subject.length, 200)
    assert.notMatch(message.subject, /\p{Cc}/u)
    assert.isAtMost(bytes(message.html) + bytes(message.text), 500_000)
    return
  }
  assert.isTrue(message.body.isWellFormed())
  const texts = textsOf(fieldsOf(message))
  for (const [, text] of texts) if (kind !== "webhook") assert.isTrue(text.isWellFormed())
  for (const [name, max] of Object.entries(limits[kind])) {
    const found = name === "body" ? [bytes(message.body)] : textsAt(texts, name).map((text) => text.length)
    for (const size of found) assert.isAtMost(size, max, `${kind} ${name}`)
  }
}

const textsAt = (texts: ReadonlyArray<readonly [string, string]>, name: string): ReadonlyArray<string> => {
  const pattern = new RegExp(`^${name.replaceAll(".", "\\.").replaceAll("*", "\\w+")}$`)
  return texts.filter(([path]) => pattern.test(path)).map(([, text]) => text)
}

const longNotes: ReadonlyArray<readonly [string, string]> = [
  ["one line of letters", "x".repeat(10_000)],
  ["one line of three bytes each", "障".repeat(10_000)],
  ["one line of pairs of units", "😀".repeat(5_000)],
  ["lines of three bytes each", "障害対応中\n".repeat(1_666)],
  ["what JSON escapes", '\\"'.repeat(5_000)],
  ["what HTML escapes", "<&'\"".repeat(2_500)],
]

/** Those with room for 10,000 characters. */
const roomy: ReadonlySet<ChannelKind> = new Set<ChannelKind>([
  "webhook",
  "email",
  "slack",
  "teams",
  "pagerduty",
  "opsgenie",
  "gotify",
  "matrix",
  "mattermost",
  "googleChat",
  "grafanaOnCall",
  "alertmanager",
  "apprise",
])

/** All that a message says, without the marks that stand before its signs. */
const textOf = (message: HttpMessage | MailMessage): string =>
  (message._tag === "Mail" ? [message.text] : textsOf(fieldsOf(message)).map(([, text]) => text))
    .join("\n")
    .replaceAll("\\", "")

const isKind = (name: string): name is ChannelKind => Object.hasOwn(channels, name)
const kinds = Object.keys(channels).filter(isKind)

describe.each(kinds)("a message by %s", (kind) => {
  it.prop("keeps the provider's limits, whatever there is to say", [anyAlert], ([alert]) => checkLimits(kind, alert), {
    fastCheck: { numRuns: 60 },
  })

  it("has the fields that are limited", () => {
    const messages = [opened, { ...opened, change: "resolved" as const }].map((alert) =>
      messageOf(configs[kind], alert),
    )
    const texts = messages.flatMap((message) => (message._tag === "Http" ? textsOf(fieldsOf(message)) : []))
    for (const name of Object.keys(limits[kind])) if (name !== "body") assert.isNotEmpty(textsAt(texts, name), name)
  })

  it("keeps them with as much to say as there can be, in names of every sort", () => {
    for (const text of hostileTexts) {
      const one = { ...monitor, name: text, url: text, reason: text, tags: Array.from({ length: 20 }, () => text) }
      checkLimits(kind, {
        ...opened,
        title: text,
        note: Array.from({ length: 30 }, () => text).join("\n"),
        sentBy: text,
        monitors: Array.from({ length: 20 }, () => one),
        monitorCount: 500,
      })
      checkLimits(kind, { ...opened, title: text, note: text, monitors: [one] })
    }
  })

  it.each(longNotes)("keeps them with 10,000 characters that a person wrote: %s", (_, note) => {
    checkLimits(kind, { ...opened, note })
    const name = note.replaceAll("\n", " ")
    const one = { ...monitor, name, url: name, reason: name }
    checkLimits(kind, {
      ...opened,
      note,
      title: name,
      monitors: Array.from({ length: 20 }, () => one),
      monitorCount: 99,
    })
  })

  it("says all that a person wrote where there is room, and else the beginning of it", () => {
    const text = textOf(
      messageOf(configs[kind], { ...opened, note: `${"We know why it is down. ".repeat(416)}The end` }),
    )
    assert.include(text, "We know why it is down")
    if (roomy.has(kind)) assert.include(text, "The end")
    else assert.match(text, /We know why.*…/)
  })
})

describe("hostile names", () => {
  const hostile: Alert = {
    ...opened,
    monitors: [
      {
        ...monitor,
        name: `"><script>alert(1)</script> @everyone <!channel> <users/all> [x](https://evil.example)`,
        reason: "**@all** `x` <@U1> \u202eevil",
      },
    ],
  }
  const bodyOf = (kind: ChannelKind): string => {
    const message = messageOf(configs[kind], hostile)
    return message._tag === "Mail" ? message.html : message.body
  }

  it("run nothing in an email", () => assert.notInclude(bodyOf("email"), "<script>"))

  it.each(["matrix", "googleChat", "telegram"] as const)("run nothing in the HTML of %s", (kind) => {
    const texts = textsOf(JSON.parse(bodyOf(kind))).filter(([path]) => /formatted_body|textParagraph|^text$/.test(path))
    assert.isNotEmpty(texts)
    for (const [, text] of texts) assert.notMatch(text, /<(?!\/?b>|br>|a href="|\/a>)/)
  })

  it("call nobody in Slack", () => {
    for (const [path, text] of textsOf(JSON.parse(bodyOf("slack")))) {
      if (path === "text") assert.notMatch(text, /<[!@#]/)
    }
  })

  it.each(["mattermost", "rocketChat", "zulip", "telegram"] as const)("call nobody in %s", (kind) => {
    const message = messageOf(configs[kind], hostile)
    const texts = message._tag === "Http" ? textsOf(fieldsOf(message)) : []
    for (const [, text] of texts) assert.notMatch(text, /@(?:everyone|all|\*)/)
  })

  it.each(["mattermost", "rocketChat", "zulip", "discord"] as const)("disguise no link in %s", (kind) => {
    const message = messageOf(configs[kind], hostile)
    const texts = message._tag === "Http" ? textsOf(fieldsOf(message)) : []
    for (const [, text] of texts) assert.notMatch(text, /[^\\]\]\(/)
  })
})
