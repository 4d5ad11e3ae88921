import type { ChannelId, MonitorId } from "@uptime/domain/Ids"
import { type Audience, byChannel, byEscalation, type Voice, voicesOf } from "./Audience.ts"
import type { Draft } from "./Draft.ts"
import { wantedEscalation, wantedReminder } from "./Escalating.ts"
import { settlesAt } from "./Flapping.ts"
import { earliest, isWaiting, tell, toldTo, type Wanted, withdraw } from "./Message.ts"
import type { Standing } from "./Standing.ts"
import { retryMs, wantedAcknowledgement, wantedNews } from "./Telling.ts"
import type { Told, World } from "./World.ts"

/** How many kinds of message there are. */
const messageKinds = 8

/** Whether a message asks for somebody to take the incident. */
const isCall = ({ change }: Told): boolean => /^(reminder|escalation):/.test(change)

/**
 * Tells of an open incident what is due, and takes back what waits and is wanted no more.
 *
 * @returns when something is due next, or a flapping monitor settles; null for never
 */
export const tellOpen = (
  world: World,
  standings: ReadonlyMap<MonitorId, Standing>,
  audience: Audience,
  draft: Draft,
): number | null => {
  const { now } = world
  const voices = voicesOf(world, standings, draft)
  const isCalm = voices.every(({ flappingSince }) => flappingSince === null)
  const isAcknowledged = draft.acknowledgedAt !== null
  const mayKnow = new Set(draft.told.filter(({ state }) => state === "tried").map(({ channelId }) => channelId))
  // Once somebody is at it, nobody is called any more, however long a call has been due.
  withdraw(draft, (message) =>
    isCall(message) ? isAcknowledged : isCalm && isWaiting(message, now) && message.change.startsWith("flapping:"),
  )
  // A call that was tried may have arrived: its channel hears that somebody is at it, and so of the end.
  for (const channelId of mayKnow) {
    if (toldTo(draft, channelId).length > 0 || !audience.isEnabled(channelId)) continue
    tell(draft, "acknowledged", channelId, now, audience.freeAt(channelId))
  }
  const ahead = voices.flatMap(({ monitor }) => {
    if (monitor.status === "Unknown") return []
    const settles = settlesAt(standings.get(monitor.id)?.trouble.flapping ?? monitor.flapping)
    return settles === null ? [] : [settles]
  })
  for (const [channelId, wantedOf] of wishes(world, audience, draft, voices, isCalm)) {
    let wanted = wantedOf(toldTo(draft, channelId))
    // Each message told makes others known; every kind of them is due at most once.
    for (let i = 0; i < messageKinds; i++) {
      const due = wanted.find(({ due }) => due <= now)
      if (due === undefined) break
      tell(draft, due.change, channelId, now, audience.freeAt(channelId))
      wanted = wantedOf(toldTo(draft, channelId))
    }
    for (const { due } of wanted) ahead.push(due)
  }
  // One that is being sent may fail, and is taken back then.
  if (isAcknowledged && draft.told.some((message) => message.state === "leased" && isCall(message))) {
    ahead.push(now + retryMs)
  }
  return ahead.length === 0 ? null : earliest(ahead)
}

/**
 * Tells that an incident is over to every channel that was told anything of it. What still waits for the end of quiet hours
 * is taken back, but for what a person wrote: one message then tells all else.
 */
export const tellOver = (world: World, audience: Audience, draft: Draft): void => {
  const channels = new Set(draft.told.map(({ channelId }) => channelId))
  withdraw(draft, (message) => isWaiting(message, world.now) && !message.change.startsWith("note:"))
  for (const channelId of channels) {
    if (audience.isEnabled(channelId)) tell(draft, "resolved", channelId, world.now, audience.freeAt(channelId))
  }
}

/** What each channel is to be told, by what it was told. */
const wishes = (
  world: World,
  audience: Audience,
  draft: Draft,
  voices: ReadonlyArray<Voice>,
  isCalm: boolean,
): ReadonlyMap<ChannelId, (told: ReadonlyArray<Told>) => ReadonlyArray<Wanted>> => {
  const { now } = world
  const heard = byChannel(audience, voices)
  const policies = [...byEscalation(draft.acknowledgedAt === null ? voices : [])].flatMap(([id, followers]) => {
    const escalation = world.escalations.get(id)
    return escalation === undefined ? [] : [{ escalation, followers }]
  })
  const steps = policies.flatMap(({ escalation }) => escalation.steps.flatMap(({ channels }) => channels))
  const informed = draft.acknowledgedAt === null ? [] : draft.told.map(({ channelId }) => channelId)
  const channels = new Set([...heard.keys(), ...[...steps, ...informed].filter(audience.isEnabled)])
  return new Map(
    [...channels].map((channelId) => {
      const hears = heard.get(channelId) ?? []
      return [
        channelId,
        (told) => [
          ...(hears.length === 0 ? [] : wantedNews(hears, isCalm, told, now)),
          ...policies.flatMap(({ escalation, followers }) =>
            wantedEscalation(escalation, followers, draft.tellAt, channelId, told),
          ),
          ...(draft.acknowledgedAt === null ? wantedReminder(hears, told, now) : wantedAcknowledgement(told)),
        ],
      ]
    }),
  )
}
