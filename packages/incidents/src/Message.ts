import type { ChannelId } from "@uptime/domain/Ids"
import type { Draft } from "./Draft.ts"
import type { Told } from "./World.ts"

/** A message that is wanted: told once it is due. Milliseconds since the epoch. */
export interface Wanted {
  readonly change: string
  readonly due: number
}

/** The kinds of message, as `Decision`'s `Tell` has them. */
export type MessageKind =
  | "opened"
  | "updated"
  | "resolved"
  | "flapping"
  | "settled"
  | "reminder"
  | "escalation"
  | "acknowledged"

/** The number of a change: that of `reminder:3` is 3; 0 where it has none. */
const numberOf = (change: string): number => Number(change.split(":")[1] ?? 0)

/** The highest number of a kind among messages; 0 where there is none of it. */
export const lastNumber = (told: ReadonlyArray<Told>, kind: MessageKind): number =>
  told.reduce(
    (highest, { change }) => (change.startsWith(`${kind}:`) ? Math.max(highest, numberOf(change)) : highest),
    0,
  )

/** When the newest of some messages was due; null for none. */
export const lastDue = (told: ReadonlyArray<Told>): number | null =>
  told.reduce<number | null>((latest, { dueAt }) => (latest === null ? dueAt : Math.max(latest, dueAt)), null)

/** Whether a message is not due yet. */
export const isWaiting = ({ dueAt, state }: Told, now: number): boolean => state === "pending" && dueAt > now

/** The earliest of some instants, or the shortest of some times; infinity for none. Of any number of them. */
export const earliest = (times: ReadonlyArray<number>): number =>
  times.reduce((first, time) => Math.min(first, time), Number.POSITIVE_INFINITY)

/** What a channel was told of an incident. */
export const toldTo = ({ told }: Draft, channelId: ChannelId): ReadonlyArray<Told> =>
  told.filter((message) => message.channelId === channelId)

/** Adds a message to an incident. */
export const tell = (draft: Draft, change: string, channelId: ChannelId, at: number, dueAt: number): void => {
  draft.told.push({ change, channelId, dueAt, state: "pending" })
  draft.messages.push({ _tag: "Tell", incidentId: draft.id, change, channelId, at, dueAt })
}

/** Takes back those messages that are wanted no more, where they are not sent, nor about to be. */
export const withdraw = (draft: Draft, isUnwanted: (message: Told) => boolean): void => {
  const kept = draft.told.filter((message) => {
    if ((message.state !== "pending" && message.state !== "tried") || !isUnwanted(message)) return true
    draft.messages.push({ _tag: "Untell", incidentId: draft.id, change: message.change, channelId: message.channelId })
    return false
  })
  draft.told.splice(0, draft.told.length, ...kept)
}
