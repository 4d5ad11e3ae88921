import type { Alert } from "./Alert.ts"
import { type Fact, factsOf } from "./AlertText.ts"
import { factsWithin } from "./FactLimit.ts"
import { characters, cut, oneLine } from "./TextLimit.ts"

/** How a provider writes text: what it takes for a sign of its own is escaped, or broken where it knows no escape. */
export interface Markup {
  /** A text as it is: nothing in it formats, links or calls anybody. */
  readonly text: (plain: string) => string
  /** Escaped text, set off from what surrounds it. */
  readonly strong: (escaped: string) => string
  /** A link that shows its own address. */
  readonly link: (url: string) => string
  readonly lineBreak: string
}

const zeroWidthSpace = "\u200b"

/** An `@` that calls nobody, where no escape keeps a provider from looking for names. */
const withoutMentions = (text: string): string => text.replaceAll("@", `@${zeroWidthSpace}`)

/** No markup at all. */
export const plainText: Markup = {
  text: oneLine,
  strong: (escaped) => escaped,
  link: oneLine,
  lineBreak: "\n",
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

const escapeHtml = (text: string): string =>
  oneLine(text).replace(/[&<>"']/g, (character) => entities[character] ?? character)

/** HTML, in text and in quoted attributes. */
export const html: Markup = {
  text: escapeHtml,
  strong: (escaped) => `<b>${escaped}</b>`,
  link: (url) => `<a href="${escapeHtml(url)}">${escapeHtml(url)}</a>`,
  lineBreak: "<br>\n",
}

/** The HTML of Telegram, which has no line break of its own, and looks for `@names` in text. */
export const telegramHtml: Markup = {
  text: (plain) => withoutMentions(escapeHtml(plain)),
  strong: (escaped) => `<b>${escaped}</b>`,
  link: (url) => `<a href="${escapeHtml(url)}">${escapeHtml(url)}</a>`,
  lineBreak: "\n",
}

/**
 * The text of a Slack message: `&`, `<` and `>` are all that links and mentions are made of, and are escaped as
 * https://docs.slack.dev/messaging/formatting-message-text says. Asterisks and the like only format.
 */
export const slackText: Markup = {
  text: (plain) => oneLine(plain).replace(/[&<>]/g, (character) => entities[character] ?? character),
  strong: (escaped) => escaped,
  link: (url) => `<${oneLine(url).replace(/[&<>|]/g, (sign) => (sign === "|" ? "%7C" : (entities[sign] ?? sign)))}>`,
  lineBreak: "\n",
}

/** A URL that no sign of Markdown ends or changes. */
const markdownUrl = (url: string): string => oneLine(url).replace(/[<>()[\]\s\\*`|]/g, percentEncoded)

const percentEncoded = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`

/** What Discord's Markdown is made of; it takes a backslash before any of these. */
const escapeDiscord = (text: string): string => oneLine(text).replace(/[\\*_~`|<>#+\-.:@()[\]]/g, "\\$&")

/** Discord's Markdown; who may be called at all is for the message's `allowed_mentions` to say. */
export const discordMarkdown: Markup = {
  text: escapeDiscord,
  strong: (escaped) => `**${escaped}**`,
  link: (url) => `<${markdownUrl(url)}>`,
  lineBreak: "\n",
}

/**
 * Markdown with the escapes that every parser of it knows. Mentions are looked for before any escape is, and angle brackets
 * have none everywhere: both are broken.
 */
export const markdown: Markup = {
  text: (plain) =>
    withoutMentions(
      oneLine(plain)
        .replace(/[\\`*{}[\]()#+\-.!_~|>]/g, "\\$&")
        .replaceAll("<", `<${zeroWidthSpace}`)
        // An address becomes a link with its backslashes in it, unless it is no address any more.
        .replaceAll("://", `:${zeroWidthSpace}//`),
    ),
  strong: (escaped) => `**${escaped}**`,
  link: markdownUrl,
  // Two spaces: a line break within a paragraph.
  lineBreak: "  \n",
}

/** What formats in a dialect without escapes has a likeness that does not. */
const likenesses: Readonly<Record<string, string>> = { "*": "∗", "`": "ˋ", "~": "∼", "\\": "＼", $: "＄" }

/**
 * The Markdown of chats that know no escapes, or not all of them (Zulip, Rocket.Chat): signs that format are replaced by
 * others that look like them, and signs that link or call somebody are parted from what follows by a space without width.
 */
export const chatMarkdown: Markup = {
  text: (plain) =>
    oneLine(plain)
      .replace(/[*`~\\$]/g, (sign) => likenesses[sign] ?? sign)
      .replace(/[@#[\]<>!_|:]/g, `$&${zeroWidthSpace}`),
  strong: (escaped) => `**${escaped}**`,
  link: markdownUrl,
  lineBreak: "\n",
}

/**
 * Room in plain text for the longest note and what else there is to say, in UTF-16 code units: for providers that have no
 * limit, or one far away. It is at most 60,000 bytes of JSON.
 */
export const roomForAll = 20_000

/**
 * The lines below the headline in a provider's words: the facts in their order, as much of them as there is room for, and
 * the incident's address last.
 *
 * @param max the most that it takes, markup included
 * @param sizeOf what a text takes; UTF-16 code units unless given
 */
export const summary = (markup: Markup, alert: Alert, max: number, sizeOf = characters): string => {
  const link = alert.incidentUrl === null ? null : markup.link(alert.incidentUrl)
  const tail = link === null || sizeOf(link) > max ? [] : [link]
  const lineBreak = sizeOf(markup.lineBreak)
  // The first line has no line break before it.
  const room = tail.reduce((left, text) => left - sizeOf(text) - lineBreak, max + lineBreak)
  const facts = factsWithin(factsOf(alert), room, (fact) => sizeOf(lineOf(markup, fact)) + lineBreak)
  return [...facts.map((fact) => lineOf(markup, fact)), ...tail].join(markup.lineBreak)
}

const lineOf = (markup: Markup, { label, value }: Fact): string => {
  if (label === null) return markup.text(value)
  const name = markup.strong(markup.text(label))
  return value === "" ? name : `${name}: ${markup.text(value)}`
}

/** Headline and summary as one plain text, for providers that have nothing else. */
export const plainMessage = (headline: string, alert: Alert, max: number): string => {
  const first = cut(headline, max)
  const rest = summary(plainText, alert, max - first.length - 1)
  return rest === "" ? first : `${first}\n${rest}`
}
