import { feedLinks } from "./FeedLinks.ts"
import { type Markup, type MarkupPart, markup } from "./Markup.ts"
import type { PageLinks } from "./PageLinks.ts"
import { type PageFrame, pageShell } from "./PageShell.ts"
import { formStyle } from "./PageStyle.ts"
import { type Words, wordsOf } from "./Words.ts"

/** A page of one card; none of these is for search engines. */
const card = (frame: PageFrame, links: PageLinks, words: Words, heading: string, content: MarkupPart): string =>
  pageShell(
    frame,
    links,
    words,
    { heading, noindex: true, css: formStyle },
    markup`<section class="c q"><h1>${heading}</h1>${content}</section>`,
  )

/** What is known of a page that may not be shown yet: nothing of what is on it. */
const locked = (frame: PageFrame): PageFrame => ({ ...frame, description: "" })

const problem = (text: string): Markup => markup`<p role="alert" class="t d">${text}</p>`

const homeLink = (links: PageLinks, words: Words): Markup =>
  markup`<nav aria-label="${words.texts.page.back}"><a href="${links.home}">← ${words.texts.page.back}</a></nav>`

/**
 * The form that asks for a page's password. It sends the field `password` to `links.password`.
 *
 * @param failure why it is asked for again
 */
export const passwordHtml = (frame: PageFrame, links: PageLinks, failure?: "wrongPassword" | "tooMany"): string => {
  const words = wordsOf(frame)
  const { forms } = words.texts
  return card(
    locked(frame),
    links,
    words,
    forms.passwordTitle,
    markup`<p>${words.fill(forms.passwordIntro, { title: frame.title })}</p>${failure !== undefined && problem(forms[failure])}<form method="post" action="${links.password}"><label>${forms.password}<input name="password" type="password" required maxlength="200" autocomplete="current-password"></label><button class="z">${forms.open}</button></form>`,
  )
}

/** How somebody can be told. */
export type SubscriptionWay = "email" | "webhook"

/**
 * The forms that subscribe. They send the field `email` to `links.subscribe`, and the field `url` to `links.subscribeWebhook`.
 *
 * @param ways the forms that there are
 * @param failure why one is asked for again
 */
export const subscribeHtml = (
  frame: PageFrame,
  links: PageLinks,
  ways: ReadonlyArray<SubscriptionWay>,
  failure?: "badEmail" | "badUrl" | "tooMany",
): string => {
  const words = wordsOf(frame)
  const { forms } = words.texts
  return card(
    frame,
    links,
    words,
    forms.subscribe,
    markup`${failure === "tooMany" && problem(forms.tooMany)}${ways.includes("email") && markup`<p>${forms.subscribeIntro}</p>${failure === "badEmail" && problem(forms.badEmail)}<form method="post" action="${links.subscribe}"><label>${forms.email}<input name="email" type="email" required maxlength="254" autocomplete="email"></label><button class="z">${forms.subscribe}</button></form>`}${ways.includes("webhook") && markup`<p>${ways.includes("email") ? forms.webhookIntro : forms.webhookAlone}</p>${failure === "badUrl" && problem(forms.badUrl)}<form method="post" action="${links.subscribeWebhook}"><label>${forms.webhook}<input name="url" type="url" required maxlength="2000" pattern="https://.+" placeholder="https://"></label><button class="z">${forms.subscribe}</button></form>`}<p class="w">${feedLinks(links, words)}</p>${homeLink(links, words)}`,
  )
}

/**
 * The form behind a link that confirms or ends a subscription: opening a link must change nothing, since mail scanners do.
 * It sends nothing but its own address.
 *
 * @param action the address that it is sent to
 */
export const subscriptionHtml = (
  frame: PageFrame,
  links: PageLinks,
  what: "confirm" | "unsubscribe",
  action: string,
): string => {
  const words = wordsOf(frame)
  const { forms } = words.texts
  const text = what === "confirm" ? forms.confirmText : forms.unsubscribeText
  return card(
    frame,
    links,
    words,
    what === "confirm" ? forms.confirmTitle : forms.unsubscribe,
    markup`<p>${words.fill(text, { title: frame.title })}</p><form method="post" action="${action}"><button class="z">${forms[what]}</button></form>${homeLink(links, words)}`,
  )
}

/** What a page says that has nothing else to show. */
export type Notice =
  | "checkInbox"
  | "checkReceiver"
  | "confirmed"
  | "unsubscribed"
  | "badLink"
  | "notFound"
  | "refused"
  | "away"

/** A short answer: what was done, or why there is nothing to see. */
export const noticeHtml = (frame: PageFrame, links: PageLinks, notice: Notice): string => {
  const words = wordsOf(frame)
  const { forms } = words.texts
  const isHidden = notice === "refused" || notice === "away"
  return card(
    isHidden ? locked(frame) : frame,
    links,
    words,
    forms[notice],
    markup`<p>${words.fill(forms[`${notice}Text`], { title: frame.title })}</p>${!isHidden && homeLink(links, words)}`,
  )
}
