import type { AlertRules } from "@uptime/domain/AlertRules"
import { ChannelId, EscalationId, IncidentId, MonitorId } from "@uptime/domain/Ids"
import { defaultAlertRules, defaultConfirmation, defaultTimeoutMs } from "@uptime/domain/MonitorDefaults"
import type { MonitorStatus } from "@uptime/domain/MonitorStatus"
import type { Overlay } from "@uptime/domain/Overlay"
import type { Decision } from "@uptime/incidents/Decision"
import { judge } from "@uptime/incidents/Judge"
import type { JudgedChannel, JudgedMonitor, OpenIncident, StatusChange, World } from "@uptime/incidents/World"
import { applyDecisions } from "./ApplyDecisions.ts"

/** The n-th id of a sort, as a UUID. */
const uuid = (sort: number, n: number) => `00000000-0000-4000-800${sort}-${n.toString(16).padStart(12, "0")}`

export const monitorId = (n: number) => MonitorId.make(uuid(1, n))
export const channelId = (n: number) => ChannelId.make(uuid(2, n))
export const incidentId = (n: number) => IncidentId.make(uuid(3, n))
export const escalationId = (n: number) => EscalationId.make(uuid(4, n))

/** What a monitor of a test is, beyond its name. */
export interface MonitorOptions extends Partial<Pick<JudgedMonitor, "group" | "host" | "pace" | "parents" | "status">> {
  readonly alerts?: Partial<AlertRules>
}

/** A message as its receiver saw it: when, which and what it said. */
export interface Received {
  readonly at: number
  readonly channel: ChannelId
  readonly change: string
  readonly incident: IncidentId
  readonly title: string
  readonly note: string | null
}

export interface Judgement {
  readonly before: World
  readonly changes: ReadonlyArray<StatusChange>
  readonly decisions: ReadonlyArray<Decision>
  readonly after: World
}

/**
 * One owner in memory, with a clock: what the store, the judge's loop and the dispatcher do, without any of them. Seconds
 * on the outside, from an instant at 2026-01-05T12:00:00Z, a Monday.
 */
export class Owner {
  static readonly start = Date.UTC(2026, 0, 5, 12)
  world: World
  readonly received: Array<Received> = []
  /** Everything that was decided, in order. */
  readonly decided: Array<Decision> = []
  /** The titles of incidents, also of those that are over. */
  readonly titles = new Map<IncidentId, string>()
  readonly notes = new Map<IncidentId, string | null>()
  /** Sees every judgement: what was shown and decided, and the world afterwards, before anything is sent. */
  onJudgement: (judgement: Judgement) => void = () => {}
  private outbox: Array<Extract<Decision, { readonly _tag: "Tell" }>> = []
  private changes: Array<StatusChange> = []
  private monitors = new Map<MonitorId, JudgedMonitor>()
  private nextChange = 1
  private nextIncident = 1

  constructor(channels: ReadonlyArray<JudgedChannel> = [channel(1)]) {
    this.world = {
      now: Owner.start,
      monitors: this.monitors,
      incidents: [],
      escalations: new Map(),
      channels: new Map(channels.map((each) => [each.id, each])),
    }
  }

  /** Adds a monitor that is `Up` unless said otherwise. */
  monitor(n: number, name: string, { alerts, ...options }: MonitorOptions = {}): MonitorId {
    const id = monitorId(n)
    this.set({
      id,
      name,
      host: null,
      group: null,
      parents: [],
      enabled: true,
      pace: { ...defaultConfirmation, timeoutMs: defaultTimeoutMs },
      alerts: { ...defaultAlertRules, ...alerts },
      status: "Up",
      since: Owner.start - 3_600_000,
      overlay: null,
      flapping: { changes: [], since: null },
      ...options,
    })
    return id
  }

  get(id: MonitorId): JudgedMonitor {
    const monitor = this.world.monitors.get(id)
    if (monitor === undefined) throw new Error(`no monitor ${id}`)
    return monitor
  }

  set(monitor: JudgedMonitor): void {
    this.monitors.set(monitor.id, monitor)
  }

  /** A monitor changed its status, `ago` seconds before it is noticed now. */
  turns(id: MonitorId, to: MonitorStatus, ago = 0): void {
    const monitor = this.get(id)
    const at = this.world.now - ago * 1_000
    this.changed({ monitorId: id, from: monitor.status, to, at })
    this.set({ ...monitor, status: to, since: at })
  }

  pause(id: MonitorId): void {
    const monitor = this.get(id)
    this.changed({ monitorId: id, from: monitor.status, to: "Paused", at: this.world.now })
    this.set({ ...monitor, enabled: false, status: "Unknown", since: this.world.now, overlay: null })
  }

  resume(id: MonitorId): void {
    this.changed({ monitorId: id, from: "Paused", to: "Unknown", at: this.world.now })
    this.set({ ...this.get(id), enabled: true })
  }

  /** A maintenance begins, or ends: then the monitor begins anew. */
  maintain(id: MonitorId, isOpen: boolean): void {
    if (isOpen) this.set({ ...this.get(id), overlay: "Maintenance" })
    else this.uncover(id, "Maintenance")
  }

  remove(id: MonitorId): void {
    this.monitors.delete(id)
  }

  edit(id: IncidentId, edit: Partial<OpenIncident>): void {
    const incidents = this.world.incidents.map((incident) => (incident.id === id ? { ...incident, ...edit } : incident))
    this.world = { ...this.world, incidents }
  }

  /** Judges what changed, and sends what is due. Judging twice must decide no more than judging once. */
  judge(): ReadonlyArray<Decision> {
    const changes = this.changes
    const before = { ...this.world, monitors: new Map(this.monitors) }
    this.changes = []
    const decisions = judge(this.world, changes, () => incidentId(this.nextIncident++))
    this.decided.push(...decisions)
    const applied = applyDecisions(this.world, decisions)
    this.monitors = new Map(applied.monitors)
    this.world = { ...applied, monitors: this.monitors }
    this.onJudgement({ before, changes, decisions, after: this.world })
    const again = judge(this.world, [], () => incidentId(0))
    if (again.length > 0) throw new Error(`judged once more, it decides more: ${JSON.stringify(again)}`)
    for (const decision of decisions) this.note(decision)
    this.send()
    return decisions
  }

  /** Lets time pass until some seconds after the start, judging when there is something to judge, as the loop does. */
  until(seconds: number): void {
    const end = Owner.start + seconds * 1_000
    while (this.changes.length > 0) this.judge()
    let looks = 0
    for (let next = this.nextLook(); next <= end; next = this.nextLook()) {
      if (looks++ > 10_000) throw new Error("the judge is asked to look again and again, and decides nothing")
      this.world = { ...this.world, now: Math.max(next, this.world.now) }
      if (this.world.incidents.some(({ lookAgainAt }) => lookAgainAt !== null && lookAgainAt <= this.world.now))
        this.judge()
      while (this.changes.length > 0) this.judge()
      this.send()
    }
    this.world = { ...this.world, now: end }
  }

  /** What was received, a line each: `+5 1 opened: api is down`. */
  get lines(): ReadonlyArray<string> {
    return this.received.map(({ at, change, channel, note, title }) => {
      const seconds = (at - Owner.start) / 1_000
      return `+${seconds} ${Number.parseInt(channel.slice(-12), 16)} ${change}: ${title}${note === null ? "" : ` (${note})`}`
    })
  }

  private changed(change: Omit<StatusChange, "id">): void {
    this.changes.push({ id: this.nextChange++, ...change })
  }

  private uncover(id: MonitorId, from: Overlay): void {
    const monitor = this.get(id)
    if (monitor.status !== "Unknown") this.changed({ monitorId: id, from, to: "Unknown", at: this.world.now })
    this.set({ ...monitor, overlay: null, status: "Unknown", since: this.world.now })
  }

  private note(decision: Decision): void {
    if (decision._tag === "Open") this.titles.set(decision.incident.id, decision.incident.title)
    if (decision._tag === "Rename") this.titles.set(decision.incidentId, decision.title)
    if (decision._tag === "Resolve") this.notes.set(decision.incidentId, decision.note)
    if (decision._tag === "Tell") this.outbox.push(decision)
    if (decision._tag === "Untell") {
      const { change, channelId, incidentId } = decision
      this.outbox = this.outbox.filter(
        (row) => row.change !== change || row.channelId !== channelId || row.incidentId !== incidentId,
      )
    }
    if (decision._tag === "Overlay" && decision.overlay === null) {
      this.changed({ monitorId: decision.monitorId, from: "Unreachable", to: "Unknown", at: decision.at })
    }
  }

  private nextLook(): number {
    const looks = this.world.incidents.flatMap(({ lookAgainAt }) => lookAgainAt ?? [])
    return Math.min(...looks, ...this.outbox.map(({ dueAt }) => dueAt), Number.POSITIVE_INFINITY)
  }

  private send(): void {
    const isDue = ({ dueAt }: { readonly dueAt: number }) => dueAt <= this.world.now
    for (const { change, channelId: channel, incidentId: incident } of this.outbox.filter(isDue)) {
      const title = this.titles.get(incident) ?? ""
      const note = change === "resolved" ? (this.notes.get(incident) ?? null) : null
      this.received.push({ at: this.world.now, channel, change, incident, title, note })
    }
    this.outbox = this.outbox.filter((row) => !isDue(row))
    const incidents = this.world.incidents.map((incident) => ({
      ...incident,
      told: incident.told.map((told) =>
        told.state === "pending" && isDue(told) ? { ...told, state: "sent" as const } : told,
      ),
    }))
    this.world = { ...this.world, incidents }
  }
}

/** A channel that is told by default, unless said otherwise. */
export const channel = (n: number, options: Partial<JudgedChannel> = {}): JudgedChannel => ({
  id: channelId(n),
  enabled: true,
  isDefault: true,
  quietHours: null,
  ...options,
})
