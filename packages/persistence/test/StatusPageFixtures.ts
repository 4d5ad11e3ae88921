import { randomUUID } from "node:crypto"
import type { MonitorId } from "@uptime/domain/Ids"
import type { StatusPageSettings } from "../src/StatusPage.ts"

/** A public page of monitors, under a slug of its own. */
export const pageSettings = (monitorIds: ReadonlyArray<MonitorId>, given: Partial<StatusPageSettings> = {}) => ({
  slug: `page-${randomUUID()}`,
  domain: null,
  title: "Acme",
  description: "",
  language: "en" as const,
  timeZone: "UTC",
  accent: "#2563eb",
  customCss: "",
  visibility: "public" as const,
  passwordHash: null,
  allowedRanges: [],
  noindex: false,
  showsResponse: true,
  showsRegions: false,
  sections: [{ name: "Web", monitors: monitorIds.map((monitorId) => ({ monitorId, name: null })) }],
  ...given,
})
