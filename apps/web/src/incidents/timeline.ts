import type { IncidentDetail } from "./queries.ts"

type Update = IncidentDetail["updates"][number]
type Delivery = IncidentDetail["deliveries"][number]

/** An entry of the timeline: something that happened or was written, or what channels were told. */
export type TimelineEntry =
  | { readonly kind: "update"; readonly key: string; readonly at: number; readonly update: Update }
  | {
      readonly kind: "told"
      readonly key: string
      readonly at: number
      readonly change: string
      readonly deliveries: ReadonlyArray<Delivery>
    }

/**
 * What happened to an incident, newest first: its updates in their order, and between them the messages about each change
 * as one entry, at the time of the first of them. A message stands after what it tells of.
 */
export const timelineOf = ({
  deliveries,
  updates,
}: Pick<IncidentDetail, "deliveries" | "updates">): ReadonlyArray<TimelineEntry> => {
  const told = new Map<string, Array<Delivery>>()
  for (const delivery of deliveries) {
    const same = told.get(delivery.change)
    if (same === undefined) told.set(delivery.change, [delivery])
    else same.push(delivery)
  }
  const entries: ReadonlyArray<TimelineEntry> = [
    ...[...told].map(([change, same]) => ({
      kind: "told" as const,
      key: change,
      at: Math.min(...same.map(({ at }) => Date.parse(at))),
      change,
      deliveries: same.toReversed(),
    })),
    ...updates.map((update) => ({ kind: "update" as const, key: update.id, at: Date.parse(update.at), update })),
  ]
  return entries.toSorted((one, other) => other.at - one.at)
}

const changeWords: Readonly<Record<string, string>> = {
  opened: "that it began",
  updated: "that more is failing",
  resolved: "that it is over",
  flapping: "that it comes and goes",
  settled: "how it settled",
  reminder: "again, as a reminder",
  escalation: "as an escalation",
  acknowledged: "who is at it",
  note: "the update",
}

/** What a message was about, after "was told": `opened` is "that it began", `reminder:2` "again, as a reminder". */
export const changeText = (change: string): string => changeWords[change.split(":")[0] ?? ""] ?? "what changed"

const titles: Readonly<Record<Update["kind"], string>> = {
  opened: "Opened",
  grown: "More is affected",
  acknowledged: "Acknowledged",
  comment: "Comment",
  update: "Update",
  flapping: "Comes and goes",
  resolved: "Resolved",
  postmortem: "Post-mortem",
}

/** The heading of an update, with who wrote it: "Acknowledged by Ada". */
export const updateTitle = ({ author, kind }: Pick<Update, "author" | "kind">): string =>
  author === null ? titles[kind] : `${titles[kind]} by ${author}`

/** How a message went, in words. */
export const deliveryText = ({ attempts, state }: Pick<Delivery, "attempts" | "state">): string => {
  if (state === "sent") return attempts > 1 ? `Delivered at try ${attempts}` : "Delivered"
  if (state === "dead") return "Not delivered"
  return attempts === 0 ? "Waiting" : `Tried ${attempts === 1 ? "once" : `${attempts} times`}, will be tried again`
}
