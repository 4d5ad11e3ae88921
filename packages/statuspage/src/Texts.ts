import type { PageLanguage } from "@uptime/domain/StatusPage"
import type { PublicStatus } from "./PublicPage.ts"
import { english } from "./texts/English.ts"
import { french } from "./texts/French.ts"
import { german } from "./texts/German.ts"
import { japanese } from "./texts/Japanese.ts"
import { portuguese } from "./texts/Portuguese.ts"
import { spanish } from "./texts/Spanish.ts"

/** A text that depends on a number, by the plural rules of its language (CLDR); `#` stands for the number. */
export type Plural = { readonly [rule in Intl.LDMLPluralRule]?: string } & { readonly other: string }

/** All that a page says, in one language. `{name}` stands for what is filled in; every language holds the same ones. */
export interface Texts {
  readonly status: Readonly<Record<PublicStatus, string>>
  readonly overall: Readonly<Record<PublicStatus, string>>
  readonly page: Readonly<
    Record<
      | "skip"
      | "services"
      | "currentIncidents"
      | "maintenances"
      | "pastIncidents"
      | "noIncidents"
      | "history"
      | "previousMonth"
      | "nextMonth"
      | "back"
      | "uptime"
      | "today"
      | "noData"
      | "since"
      | "built"
      | "stale"
      | "responseTime"
      | "responseSummary"
      | "responseBrief"
      | "responseDay"
      | "responseTimes"
      | "barsUp"
      | "barsDown"
      | "dayDown"
      | "dayUp"
      | "noDowntime"
      | "started"
      | "ongoing"
      | "resolved"
      | "resolvedAfter"
      | "affected"
      | "update"
      | "postmortem"
      | "untilEnded"
      | "running"
      | "scheduled"
      | "incidentOf"
      | "incident"
      | "incidentDetails"
      | "labelled"
      | "feeds",
      string
    >
  >
  readonly daysAgo: Plural
  readonly lastDays: Plural
  readonly daysDown: Plural
  readonly updates: Plural
  readonly more: Plural
  readonly forms: Readonly<
    Record<
      | "passwordTitle"
      | "passwordIntro"
      | "password"
      | "open"
      | "wrongPassword"
      | "tooMany"
      | "subscribe"
      | "subscribeIntro"
      | "email"
      | "badEmail"
      | "webhook"
      | "webhookIntro"
      | "webhookAlone"
      | "badUrl"
      | "checkInbox"
      | "checkInboxText"
      | "checkReceiver"
      | "checkReceiverText"
      | "confirmTitle"
      | "confirmText"
      | "confirm"
      | "confirmed"
      | "confirmedText"
      | "unsubscribe"
      | "unsubscribeText"
      | "unsubscribed"
      | "unsubscribedText"
      | "badLink"
      | "badLinkText"
      | "notFound"
      | "notFoundText"
      | "refused"
      | "refusedText"
      | "away"
      | "awayText",
      string
    >
  >
  readonly mail: Readonly<
    Record<
      | "confirmSubject"
      | "confirmText"
      | "ignore"
      | "opened"
      | "updated"
      | "resolved"
      | "maintenance"
      | "cancelled"
      | "cancelledText"
      | "show"
      | "why",
      string
    >
  >
  readonly badge: Readonly<
    Record<
      | "status"
      | "uptime"
      | "response"
      | "certificate"
      | "up"
      | "degraded"
      | "partial"
      | "down"
      | "maintenance"
      | "unknown"
      | "expired",
      string
    >
  >
  readonly daysLeft: Plural
}

const byLanguage: Readonly<Record<PageLanguage, Texts>> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  "pt-BR": portuguese,
  ja: japanese,
}

/** What a page says, in its language. */
export const textsOf = (language: PageLanguage): Texts => byLanguage[language]

/**
 * A text with what stands in braces filled in, once: braces in what is filled in stay as they are.
 *
 * @param values what stands for each name; a name without one stays
 */
export const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (all, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : all))

const rules = new Map<PageLanguage, Intl.PluralRules>()

/** A text that depends on a number, with the number in it. */
export const counted = (language: PageLanguage, plural: Plural, count: number): string => {
  let rule = rules.get(language)
  if (rule === undefined) {
    rule = new Intl.PluralRules(language)
    rules.set(language, rule)
  }
  return (plural[rule.select(count)] ?? plural.other).replace("#", () => count.toLocaleString(language))
}
