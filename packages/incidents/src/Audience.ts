import type { ChannelId, EscalationId, MonitorId } from "@uptime/domain/Ids"
import { type Draft, failingParts } from "./Draft.ts"
import { holdMs } from "./Hold.ts"
import { freeAt } from "./QuietHours.ts"
import type { Standing } from "./Standing.ts"
import type { IncidentPart, JudgedMonitor, World } from "./World.ts"

/** A part that counts, with what its messages depend on. */
export interface Voice {
  readonly part: IncidentPart
  readonly monitor: JudgedMonitor
  /** How long what is new of it is held, in milliseconds. */
  readonly hold: number
  /** Since when its monitor flaps; null while it does not. */
  readonly flappingSince: number | null
}

/** Who hears of an owner's monitors. */
export interface Audience {
  /** The enabled channels that a monitor tells. */
  readonly channelsOf: (monitor: JudgedMonitor) => ReadonlyArray<ChannelId>
  readonly isEnabled: (channelId: ChannelId) => boolean
  /** When a channel may be sent what is told now: at once, or at the end of its quiet hours. */
  readonly freeAt: (channelId: ChannelId) => number
}

/** The audience of a world, at its `now`. */
export const audienceOf = (world: World): Audience => {
  const isEnabled = (channelId: ChannelId) => world.channels.get(channelId)?.enabled === true
  const defaults = [...world.channels.values()].filter(({ isDefault }) => isDefault).map(({ id }) => id)
  const free = new Map<ChannelId, number>()
  return {
    channelsOf: ({ alerts }) => (alerts.channels ?? defaults).filter(isEnabled),
    isEnabled,
    freeAt: (channelId) => {
      const known = free.get(channelId)
      if (known !== undefined) return known
      const at = freeAt(world.channels.get(channelId)?.quietHours ?? null, world.now)
      free.set(channelId, at)
      return at
    },
  }
}

/** The parts of an incident that are told of. */
export const voicesOf = (
  { monitors }: World,
  standings: ReadonlyMap<MonitorId, Standing>,
  draft: Draft,
): ReadonlyArray<Voice> =>
  failingParts(draft).flatMap((part) => {
    const standing = standings.get(part.monitorId)
    if (standing === undefined) return []
    const { monitor, trouble } = standing
    return [{ part, monitor, hold: holdMs(monitors, monitor), flappingSince: trouble.flapping.since }]
  })

/** Each channel with the parts that it is told of. */
export const byChannel = (
  audience: Audience,
  voices: ReadonlyArray<Voice>,
): ReadonlyMap<ChannelId, ReadonlyArray<Voice>> => {
  const heard = new Map<ChannelId, Array<Voice>>()
  for (const voice of voices) {
    for (const channelId of new Set(audience.channelsOf(voice.monitor))) {
      const voicesHeard = heard.get(channelId)
      if (voicesHeard === undefined) heard.set(channelId, [voice])
      else voicesHeard.push(voice)
    }
  }
  return heard
}

/** Each escalation policy with the parts that follow it. */
export const byEscalation = (voices: ReadonlyArray<Voice>): ReadonlyMap<EscalationId, ReadonlyArray<Voice>> => {
  const following = new Map<EscalationId, Array<Voice>>()
  for (const voice of voices) {
    const { escalationId } = voice.monitor.alerts
    if (escalationId === null) continue
    const followers = following.get(escalationId)
    if (followers === undefined) following.set(escalationId, [voice])
    else followers.push(voice)
  }
  return following
}
