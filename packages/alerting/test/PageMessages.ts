import { IncidentId, SubscriberId } from "@uptime/domain/Ids"
import type { PageMessage } from "@uptime/persistence/PageOutbox"
import type { PublicNotice } from "@uptime/statuspage/PublicNotice"
import type { PublicPage } from "@uptime/statuspage/PublicPage"

/** When all that is told happened. */
export const at = Date.UTC(2026, 10, 25, 12)

/** A page that nothing is on. */
export const page: PublicPage = {
  slug: "acme",
  domain: null,
  title: "Acme",
  description: "",
  language: "en",
  timeZone: "UTC",
  accent: "#2563eb",
  logo: null,
  customCss: null,
  noindex: false,
  status: "Down",
  sections: [],
  incidents: [],
  maintenances: [],
  pastIncidents: [],
  builtAt: at,
}

/** Something was written about an incident. */
export const updated: PublicNotice = {
  change: "updated",
  incident: {
    id: IncidentId.make("0190a5f4-0000-7000-8000-000000000002"),
    title: "Slow pages",
    severity: "Down",
    startedAt: at,
    resolvedAt: null,
    items: [],
    updates: [{ id: "0190a5f4-0000-7000-8000-000000000003", at, kind: "update", body: "We are at it" }],
  },
  names: ["Site"],
}

/** A message of an update, by email unless it is said. */
export const message = (id: number, given: Partial<PageMessage> = {}): PageMessage => ({
  id,
  subscriberId: SubscriberId.make("0190a5f4-0000-7000-8000-000000000001"),
  kind: "email",
  address: "ada@example.com",
  token: "t".repeat(32),
  signingSecret: null,
  attempts: 0,
  page,
  notice: updated,
  noticeId: 7,
  at,
  ...given,
})

/** The same to a webhook. */
export const toWebhook = (id: number, given: Partial<PageMessage> = {}): PageMessage =>
  message(id, { kind: "webhook", address: "https://hooks.example.com/in", ...given })
