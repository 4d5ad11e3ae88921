import type { Answer } from "../api/call.ts"
import type { ShownStatus } from "../ui/status.ts"

/** A message to a channel. */
export type Delivery = Answer<"channels", "latestDeliveries">["items"][number]

/** How a message fares: `retrying` is one that waits and was tried before. */
type Fate = "sent" | "waiting" | "retrying" | "dead"

/** How a message fares. */
export const fateOf = ({ attempts, state }: Pick<Delivery, "attempts" | "state">): Fate => {
  if (state !== "pending") return state
  return attempts > 0 ? "retrying" : "waiting"
}

/** The word for each, and the status whose colour and sign it has. */
export const fateWords: Readonly<Record<Fate, { readonly word: string; readonly status: ShownStatus }>> = {
  sent: { word: "Sent", status: "Up" },
  waiting: { word: "Waiting", status: "Waiting" },
  retrying: { word: "Trying again", status: "Degraded" },
  dead: { word: "Not delivered", status: "Down" },
}

const changeWords: Readonly<Record<string, string>> = {
  opened: "Incident opened",
  updated: "Incident grew",
  resolved: "Incident resolved",
  flapping: "Monitor is flapping",
  settled: "Monitor has settled",
  reminder: "Reminder",
  escalation: "Escalated",
  acknowledged: "Incident acknowledged",
  note: "Update by a person",
}

/** What a message tells, from a change such as `reminder:3`. */
export const changeText = (change: string): string => {
  const [name = "", number = ""] = change.split(":")
  const word = changeWords[name] ?? change
  return name === "reminder" ? `${word} ${number}` : word
}
