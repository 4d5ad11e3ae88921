import type { MailMessage } from "./Channel.ts"
import { html } from "./Markup.ts"

/** What a link to a recipient does. */
export type RecipientAction = "confirm" | "refuse"

/** Where the links of these emails lead to, below the installation's address. */
export const recipientPath = (action: RecipientAction): string => `/recipients/${action}`

/** An email that asks somebody whether they want alerts. */
export interface RecipientMailOptions {
  readonly address: string
  /** The address of the account that asks. Nothing else of what its owner wrote is in the email. */
  readonly askedBy: string
  readonly publicUrl: string
  readonly token: string
  /** What is before the `@` of its `Message-ID`. */
  readonly name: string
  /** For how many days it can be confirmed, and how many the account cannot ask again for. */
  readonly confirmDays: number
  readonly refusedDays: number
}

/** Asks whether somebody wants to be sent alerts, before anything is. Its one-click unsubscription (RFC 8058) says no. */
export const recipientMail = (options: RecipientMailOptions): MailMessage => {
  const { address, askedBy, confirmDays, name, publicUrl, refusedDays, token } = options
  const urlTo = (action: RecipientAction) => `${publicUrl}${recipientPath(action)}?token=${encodeURIComponent(token)}`
  const subject = "Do you want to receive alerts at this address?"
  const asks = `${askedBy} wants to send alerts of the uptime monitor at ${publicUrl} to ${address}.`
  const untilThen = `Nothing is sent until you confirm, which you can within ${confirmDays} days.`
  const otherwise = `If you do not know who this is, do nothing, or say so: you will not be asked by this account for ${refusedDays} days.`
  const link = (url: string, label: string) => `<a href="${html.text(url)}">${html.text(label)}</a>`
  return {
    _tag: "Mail",
    to: [address],
    subject,
    text: `${asks}\n\n${untilThen}\n\nConfirm: ${urlTo("confirm")}\n\n${otherwise}\n\nNot me: ${urlTo("refuse")}\n`,
    html:
      `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>${html.text(subject)}</title></head><body>\n` +
      `<h2>${html.text(subject)}</h2>\n<p>${html.text(asks)}</p>\n<p>${html.text(untilThen)}</p>\n` +
      `<p>${link(urlTo("confirm"), "Confirm")}</p>\n<p>${html.text(otherwise)}</p>\n<p>${link(urlTo("refuse"), "Not me")}</p>\n` +
      "</body></html>\n",
    messageName: `recipient.${name}`,
    threadName: `recipient.${name}.thread`,
    server: null,
    unsubscribeUrl: urlTo("refuse"),
  }
}
