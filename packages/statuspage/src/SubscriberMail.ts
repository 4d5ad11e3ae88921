import { inkOn, readableOn } from "./Contrast.ts"
import { incidentState, incidentTitle, namesOf } from "./IncidentWords.ts"
import { type Markup, markup } from "./Markup.ts"
import type { PageLinks } from "./PageLinks.ts"
import type { PageFrame } from "./PageShell.ts"
import type { PublicIncident, PublicMaintenance, PublicPage, PublicUpdate } from "./PublicPage.ts"
import { type Words, wordsOf } from "./Words.ts"

/** A mail, as text and as HTML. The subject is one line. */
export interface SubscriberMail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** The parts of a mail: lines of plain text, and one address to go to. */
interface Draft {
  readonly subject: string
  readonly lines: ReadonlyArray<string>
  readonly action: { readonly label: string; readonly url: string }
  readonly small: ReadonlyArray<string>
  readonly unsubscribeUrl: string | null
}

/** The longest subject, in UTF-16 code units. */
const maxSubject = 200

/** Asks whether a subscription is wanted: nobody else is written to. */
export const confirmationMail = (frame: PageFrame, confirmUrl: string): SubscriberMail => {
  const words = wordsOf(frame)
  const { forms, mail } = words.texts
  const values = { title: frame.title }
  return written(frame, words, {
    subject: words.fill(mail.confirmSubject, values),
    lines: [words.fill(mail.confirmText, values)],
    action: { label: forms.confirm, url: confirmUrl },
    small: [mail.ignore],
    unsubscribeUrl: null,
  })
}

/** What is told of an incident. */
export type IncidentNews =
  | { readonly _tag: "opened" }
  | { readonly _tag: "updated"; readonly update: PublicUpdate }
  | { readonly _tag: "resolved" }

/** Tells a subscriber of an incident. */
export const incidentMail = (
  page: PublicPage,
  incident: PublicIncident,
  news: IncidentNews,
  links: PageLinks,
  unsubscribeUrl: string,
): SubscriberMail => {
  const words = wordsOf(page)
  const { mail, page: texts, status } = words.texts
  const names = namesOf(page, incident.items)
  const body = news._tag === "updated" ? news.update.body : (incident.updates[0]?.body ?? null)
  return written(page, words, {
    subject: words.fill(mail[news._tag], { name: incidentTitle(incident, page, words) }),
    lines: [
      ...(body === null ? [] : [body]),
      `${status[incident.severity]} · ${incidentState(incident, words)}`,
      words.labelled(texts.started, words.instant(incident.startedAt)),
      ...(names.length === 0 ? [] : [words.fill(texts.affected, { names: words.list(names) })]),
    ],
    action: { label: mail.show, url: links.incidentUrl(incident.id) },
    small: [words.fill(mail.why, { title: page.title })],
    unsubscribeUrl,
  })
}

/** Tells a subscriber of a maintenance that is to come, or that was announced and does not take place. */
export const maintenanceMail = (
  page: PublicPage,
  maintenance: PublicMaintenance,
  news: "scheduled" | "cancelled",
  links: PageLinks,
  unsubscribeUrl: string,
): SubscriberMail => {
  const words = wordsOf(page)
  const { mail, page: texts } = words.texts
  const names = namesOf(page, maintenance.items)
  const { endsAt, startsAt } = maintenance
  const isCancelled = news === "cancelled"
  return written(page, words, {
    subject: words.fill(isCancelled ? mail.cancelled : mail.maintenance, { name: maintenance.title }),
    lines: [
      ...(isCancelled ? [mail.cancelledText] : maintenance.description === "" ? [] : [maintenance.description]),
      endsAt === null
        ? `${words.instant(startsAt)} – ${texts.untilEnded}`
        : endsAt <= startsAt
          ? words.instant(startsAt)
          : words.range(startsAt, endsAt).join(""),
      ...(names.length === 0 ? [] : [words.fill(texts.affected, { names: words.list(names) })]),
    ],
    action: { label: mail.show, url: links.page },
    small: [words.fill(mail.why, { title: page.title })],
    unsubscribeUrl,
  })
}

/** One line: nothing in a subject may begin another header (RFC 5322, 2.2). */
const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .slice(0, maxSubject)
    .toWellFormed()
    .trim()

const written = (frame: PageFrame, words: Words, draft: Draft): SubscriberMail => {
  const { unsubscribe } = words.texts.forms
  const subject = oneLine(draft.subject)
  const ends = draft.unsubscribeUrl === null ? [] : [`${unsubscribe}: ${draft.unsubscribeUrl}`]
  return {
    subject,
    text: `${[subject, ...draft.lines, `${draft.action.label}: ${draft.action.url}`, "-- ", ...draft.small, ...ends].join("\n\n")}\n`,
    html: `<!DOCTYPE html>${htmlOf(frame, words, subject, draft)}`,
  }
}

/** Mail programs read styles in elements alone. */
const htmlOf = (frame: PageFrame, words: Words, subject: string, draft: Draft): Markup => {
  const accent = readableOn(frame.accent, "#ffffff")
  const font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
  return markup`<html lang="${frame.language}" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${subject}</title></head><body style="margin:0;padding:24px 12px;background:#f5f6f8;color:#161a20;font-size:16px;line-height:1.5;${font}"><main style="max-width:560px;margin:0 auto;padding:24px;background:#ffffff;border:1px solid #e3e6ea;border-radius:14px"><p style="margin:0 0 12px;color:#59616d;font-size:14px">${frame.title}</p><h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${subject}</h1>${draft.lines.map((line) => markup`<p style="margin:0 0 12px;white-space:pre-wrap">${line}</p>`)}<p style="margin:24px 0 0"><a href="${draft.action.url}" style="display:inline-block;padding:10px 18px;border-radius:9px;background:${accent};color:${inkOn(accent)};font-weight:600;text-decoration:none">${draft.action.label}</a></p></main><footer style="max-width:560px;margin:16px auto 0;color:#59616d;font-size:13px">${draft.small.map((line) => markup`<p style="margin:0 0 6px">${line}</p>`)}${draft.unsubscribeUrl !== null && markup`<p style="margin:0"><a href="${draft.unsubscribeUrl}" style="color:#59616d">${words.texts.forms.unsubscribe}</a></p>`}</footer></body></html>`
}
