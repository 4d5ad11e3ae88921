import type { PublicItem, PublicStatus } from "./PublicPage.ts"
import { statusColour } from "./StatusColour.ts"
import type { Words } from "./Words.ts"

/** What badges there are of a monitor. */
export const badgeKinds = [
  "status",
  "uptime-24h",
  "uptime-7d",
  "uptime-30d",
  "uptime-90d",
  "response",
  "certificate",
] as const
export type BadgeKind = (typeof badgeKinds)[number]

/** What a badge says: a label, a message, and the colour behind the message (`#rrggbb`), on which white can be read. */
export interface BadgeText {
  readonly label: string
  readonly message: string
  readonly colour: string
}

const dayMs = 86_400_000
const grey = statusColour.Unknown

const statusWords: Readonly<Record<PublicStatus, "up" | "degraded" | "partial" | "down" | "maintenance" | "unknown">> =
  {
    Up: "up",
    Degraded: "degraded",
    Partial: "partial",
    Down: "down",
    Maintenance: "maintenance",
    Unknown: "unknown",
  }

/**
 * What a badge of a monitor says.
 *
 * @param now milliseconds since the epoch: how long a certificate lasts is told from here
 */
export const badgeText = (item: PublicItem, kind: BadgeKind, now: number, words: Words): BadgeText => {
  const { badge } = words.texts
  switch (kind) {
    case "status":
      return { label: badge.status, message: badge[statusWords[item.status]], colour: statusColour[item.status] }
    case "uptime-24h":
      return uptime(item.uptime24h, "24h", words)
    case "uptime-7d":
      return uptime(item.uptime7d, "7d", words)
    case "uptime-30d":
      return uptime(item.uptime30d, "30d", words)
    case "uptime-90d":
      return uptime(item.uptime90d, "90d", words)
    case "response":
      return response(item, words)
    case "certificate":
      return certificate(item.certificateExpiresAt, now, words)
  }
}

const uptime = (value: number | null, window: string, words: Words): BadgeText => {
  const { badge } = words.texts
  const label = words.fill(badge.uptime, { window })
  if (value === null) return { label, message: badge.unknown, colour: grey }
  const status = value >= 99.9 ? "Up" : value >= 99 ? "Degraded" : "Down"
  return { label, message: words.percent(value), colour: statusColour[status] }
}

/** The newest mean that is known. */
const response = (item: PublicItem, words: Words): BadgeText => {
  const { badge } = words.texts
  const value = item.response?.values.findLast((mean) => mean !== null) ?? null
  return value === null
    ? { label: badge.response, message: badge.unknown, colour: grey }
    : { label: badge.response, message: words.milliseconds(value), colour: statusColour.Maintenance }
}

const certificate = (expiresAt: number | null, now: number, words: Words): BadgeText => {
  const { badge, daysLeft } = words.texts
  const label = badge.certificate
  if (expiresAt === null) return { label, message: badge.unknown, colour: grey }
  if (expiresAt <= now) return { label, message: badge.expired, colour: statusColour.Down }
  const days = Math.floor((expiresAt - now) / dayMs)
  const status = days >= 21 ? "Up" : days >= 7 ? "Degraded" : "Down"
  return { label, message: words.count(daysLeft, days), colour: statusColour[status] }
}
