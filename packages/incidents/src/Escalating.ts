import type { ChannelId } from "@uptime/domain/Ids"
import type { Voice } from "./Audience.ts"
import { earliest, lastDue, lastNumber, type Wanted } from "./Message.ts"
import { heldUpUntil } from "./Telling.ts"
import type { Escalation, Told } from "./World.ts"

const minuteMs = 60_000

/** Whether all of some parts flap: then there is silence until they have settled. */
const areFlapping = (voices: ReadonlyArray<Voice>): boolean =>
  voices.every(({ flappingSince }) => flappingSince !== null)

/**
 * The next reminder to a channel of an incident that nobody acknowledged: the shortest `reminderMinutes` of the monitors it
 * is told of after its last message, whatever that was. What a late judgement missed is told once.
 */
export const wantedReminder = (
  voices: ReadonlyArray<Voice>,
  told: ReadonlyArray<Told>,
  now: number,
): ReadonlyArray<Wanted> => {
  const known = lastDue(told)
  const every = voices.flatMap(({ monitor }) => monitor.alerts.reminderMinutes ?? [])
  if (known === null || every.length === 0 || areFlapping(voices)) return []
  const due = Math.max(known + earliest(every) * minuteMs, heldUpUntil(told, now))
  return [{ change: `reminder:${lastNumber(told, "reminder") + 1}`, due }]
}

/**
 * The steps that an escalation policy has left for a channel, the last first: where a late judgement finds several due, the
 * furthest is told, and those before it are no longer wanted.
 *
 * @param voices the parts that follow it; at least one
 * @param tellAt when the incident's first message was due; minutes count from there, or from when the first of the parts
 *   that follow it would have been told
 * @param told what the channel was told of the incident
 */
export const wantedEscalation = (
  escalation: Escalation,
  voices: ReadonlyArray<Voice>,
  tellAt: number,
  channelId: ChannelId,
  told: ReadonlyArray<Told>,
): ReadonlyArray<Wanted> => {
  if (areFlapping(voices)) return []
  const from = Math.max(tellAt, earliest(voices.map(({ hold, part }) => part.startedAt + hold)))
  const reached = lastNumber(told, "escalation")
  return escalation.steps
    .map(({ afterMinutes, channels }, i) => ({ step: i + 1, due: from + afterMinutes * minuteMs, channels }))
    .filter(({ channels, step }) => step > reached && channels.includes(channelId))
    .map(({ due, step }) => ({ change: `escalation:${step}`, due }))
    .reverse()
}
