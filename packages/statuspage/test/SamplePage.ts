import { IncidentId, MaintenanceId } from "@uptime/domain/Ids"
import type { PublicDay, PublicIncident, PublicItem, PublicPage, PublicStatus } from "@uptime/statuspage/PublicPage"

const dayMs = 86_400_000

/** The instant at which the sample is built. */
export const builtAt = Date.parse("2026-11-25T13:05:00Z")

const dayAt = (back: number): string => new Date(builtAt - back * dayMs).toISOString().slice(0, 10)

/** Ninety days, of which each of `down` (days back) had an outage of so many seconds. */
export const sampleDays = (down: Readonly<Record<number, number>> = {}, known = 90): ReadonlyArray<PublicDay> =>
  Array.from({ length: 90 }, (_, i) => {
    const back = 89 - i
    const downSeconds = down[back] ?? 0
    if (back >= known) return { day: dayAt(back), uptime: null, downSeconds: 0, worst: null }
    return {
      day: dayAt(back),
      uptime: Math.floor((1 - downSeconds / 86_400) * 100_000) / 1000,
      downSeconds,
      worst: downSeconds > 0 ? "Down" : "Up",
    }
  })

/** An item; its id is made of a number. */
export const sampleItem = (
  n: number,
  name: string,
  status: PublicStatus,
  more: Partial<PublicItem> = {},
): PublicItem => ({
  publicId: `item${String(n).padStart(8, "0")}`,
  name,
  status,
  since: builtAt - 3 * dayMs,
  days: sampleDays(),
  uptime24h: 100,
  uptime7d: 99.987,
  uptime30d: 99.991,
  uptime90d: 99.983,
  response: null,
  regions: [],
  regionStatuses: [],
  certificateExpiresAt: builtAt + 40 * dayMs,
  ...more,
})

/** Response times of a week that rise and fall with the day. */
export const sampleResponse = (mean: number): PublicItem["response"] => ({
  from: builtAt - 7 * dayMs,
  values: Array.from({ length: 169 }, (_, i) =>
    i > 70 && i < 76
      ? null
      : Math.round(mean * (1 + 0.3 * Math.sin((i / 24) * 2 * Math.PI) + 0.15 * Math.sin(i * 1.7))),
  ),
})

/** Response times of a day in two regions. */
export const sampleRegions = (mean: number): PublicItem["regions"] =>
  ["India", "USA"].map((name, r) => ({
    name,
    from: builtAt - dayMs,
    values: Array.from({ length: 24 }, (_, i) =>
      i === 7 ? null : Math.round(mean * (1 + r * 0.6 + 0.2 * Math.sin(i + r))),
    ),
  }))

/** A monitor that two regions look at, of which one sees something else if it is said. */
export const sampleRegionStatuses = (usa: PublicStatus = "Up"): PublicItem["regionStatuses"] => [
  { name: "India", status: "Up" },
  { name: "USA", status: usa },
]

export const sampleIncident = (n: number, more: Partial<PublicIncident> = {}): PublicIncident => ({
  id: IncidentId.make(`00000000-0000-4000-8000-${String(n).padStart(12, "0")}`),
  title: "Checkout answers slowly or not at all",
  severity: "Down",
  startedAt: builtAt - 2 * 3_600_000,
  resolvedAt: null,
  items: ["item00000002"],
  updates: [
    {
      id: "00000000-0000-4000-8000-0000000000a2",
      at: builtAt - 1_800_000,
      kind: "update",
      body: "A fix is rolling out. About half of all payments go through again.",
    },
    {
      id: "00000000-0000-4000-8000-0000000000a1",
      at: builtAt - 6_600_000,
      kind: "update",
      body: "We have found the cause: our payment provider answers slowly.",
    },
  ],
  ...more,
})

/** A page as an owner would have it. */
export const samplePage: PublicPage = {
  slug: "acme",
  domain: null,
  title: "Acme Status",
  description: "How the services of Acme are doing",
  language: "en",
  timeZone: "Europe/Berlin",
  accent: "#6d4aff",
  logo: null,
  customCss: null,
  noindex: false,
  status: "Down",
  sections: [
    {
      name: "Shop",
      items: [
        sampleItem(1, "Website", "Up", {
          response: sampleResponse(182),
          regions: sampleRegions(150),
          days: sampleDays({ 40: 740, 12: 130 }),
        }),
        sampleItem(2, "Checkout", "Down", { days: sampleDays({ 0: 7200, 1: 300, 33: 9000 }), uptime90d: 99.786 }),
        sampleItem(3, "Search", "Degraded", { response: sampleResponse(95) }),
      ],
    },
    {
      name: "Platform",
      items: [
        sampleItem(4, "API for partners and everybody else who builds on us", "Partial", {
          days: sampleDays({ 3: 60 }),
        }),
        sampleItem(5, "Warehouse", "Maintenance"),
        sampleItem(6, "Returns", "Unknown", { days: sampleDays({}, 30), uptime90d: null }),
      ],
    },
  ],
  incidents: [sampleIncident(1)],
  maintenances: [
    {
      id: MaintenanceId.make("00000000-0000-4000-8000-0000000000b1"),
      title: "New storage in the warehouse",
      description: "Orders are taken as usual and leave the house a little later.",
      startsAt: builtAt + dayMs,
      endsAt: builtAt + dayMs + 7_200_000,
      items: ["item00000005"],
    },
  ],
  pastIncidents: [
    sampleIncident(2, {
      title: null,
      startedAt: builtAt - 3 * dayMs,
      resolvedAt: builtAt - 3 * dayMs + 1_260_000,
      items: ["item00000004"],
      severity: "Partial",
    }),
    sampleIncident(3, {
      title: "Search was slow",
      startedAt: builtAt - 12 * dayMs,
      resolvedAt: builtAt - 12 * dayMs + 4_000_000,
      items: ["item00000003"],
      severity: "Degraded",
    }),
  ],
  builtAt,
}

/** A page of 50 monitors, in which every third had a bad day, with an open incident and all other parts. */
export const largePage: PublicPage = {
  ...samplePage,
  sections: Array.from({ length: 5 }, (_, s) => ({
    name: `Section ${s + 1}`,
    items: Array.from({ length: 10 }, (_, i) => {
      const n = s * 10 + i
      return sampleItem(n + 1, `Service number ${n + 1}`, n === 1 ? "Down" : "Up", {
        days: n % 3 === 0 ? sampleDays({ [n + 5]: 400 + n * 100, [(n * 7) % 80]: 5000 }) : sampleDays(),
      })
    }),
  })),
}
