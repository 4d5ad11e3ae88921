import type { CheckKind } from "@uptime/domain/CheckKind"
import { mapSecrets } from "@uptime/domain/CheckSecrets"
import {
  defaultAlertRules,
  defaultConfirmation,
  defaultIntervalSeconds,
  defaultTimeoutMs,
} from "@uptime/domain/MonitorDefaults"
import type { Request } from "../../api/call.ts"
import type { MonitorOverview } from "../../api/types.ts"

/** What creating a monitor sends. */
export type MonitorPayload = NonNullable<Request<"monitors", "create">["payload"]>

/** What a check of a kind may be told, as it is sent. */
export type Options<K extends CheckKind> = NonNullable<MonitorPayload[K]>

/** The same while it is edited: what is undefined is not sent, and the default holds. */
export type Draft<T> = { readonly [P in keyof T]?: T[P] | undefined }

/** The options of every kind: those of a kind stay when another one is looked at. */
export type OptionDrafts = { readonly [K in CheckKind]: Draft<Options<K>> }

/** A condition while it is edited: its text need not be one yet. */
export interface ConditionDraft {
  readonly condition: string
  readonly severity: "Down" | "Degraded"
}

/**
 * What stands in the form of a monitor. Texts are as they were typed, and numbers undefined where none is typed. A secret
 * that is kept is `secretMask`.
 */
export interface MonitorForm {
  readonly kind: CheckKind
  readonly url: string
  readonly name: string
  readonly intervalSeconds: number | undefined
  readonly timeoutMs: number | undefined
  readonly enabled: boolean
  readonly tags: ReadonlyArray<string>
  readonly group: string
  readonly parents: ReadonlyArray<string>
  readonly conditions: ReadonlyArray<ConditionDraft>
  readonly confirmation: Draft<MonitorOverview["confirmation"]>
  readonly alerts: MonitorOverview["alerts"]
  readonly options: OptionDrafts
}

const noOptions: OptionDrafts = {
  http: {},
  tcp: {},
  dns: {},
  ping: {},
  tls: {},
  websocket: {},
  grpc: {},
  smtp: {},
  postgres: {},
  mysql: {},
  redis: {},
  domain: {},
  heartbeat: {},
}

/** A monitor that was told nothing yet: what it has then is what it shows. */
export const emptyForm: MonitorForm = {
  kind: "http",
  url: "",
  name: "",
  intervalSeconds: defaultIntervalSeconds,
  timeoutMs: defaultTimeoutMs,
  enabled: true,
  tags: [],
  group: "",
  parents: [],
  conditions: [],
  confirmation: defaultConfirmation,
  alerts: defaultAlertRules,
  options: { ...noOptions, heartbeat: { periodSeconds: 3_600, graceSeconds: 300 } },
}

/** A monitor as the form shows it. */
export type EditedMonitor = Pick<
  MonitorOverview,
  CheckKind | "kind" | Exclude<keyof MonitorForm & keyof MonitorOverview, "options">
>

/** The form of a monitor that is there: its secrets are kept as long as nothing else is said. */
export const formOf = (monitor: EditedMonitor): MonitorForm => ({
  kind: monitor.kind,
  url: monitor.url,
  name: monitor.name,
  intervalSeconds: monitor.intervalSeconds,
  timeoutMs: monitor.timeoutMs,
  enabled: monitor.enabled,
  tags: monitor.tags,
  group: monitor.group ?? "",
  parents: monitor.parents,
  conditions: monitor.conditions,
  confirmation: monitor.confirmation,
  alerts: monitor.alerts,
  options: { ...emptyForm.options, ...(monitor[monitor.kind] && { [monitor.kind]: monitor[monitor.kind] }) },
})

/** The form of a new monitor that is like another one. Secrets are not read by anybody: they have to be given again. */
export const cloneOf = (monitor: EditedMonitor): MonitorForm => {
  const { kind } = monitor
  const blank = mapSecrets<string, string>(
    { ...(monitor[kind] && Object.fromEntries([[kind, monitor[kind]]])) },
    () => "",
  )
  const form = formOf(monitor)
  return {
    ...form,
    name: `${monitor.name} (copy)`.slice(0, 200).toWellFormed(),
    options: { ...form.options, ...blank },
  }
}

/** The form with some of the options of a kind changed. */
export const withOptions = <K extends CheckKind>(
  form: MonitorForm,
  kind: K,
  changes: Draft<Options<K>>,
): MonitorForm => ({ ...form, options: { ...form.options, [kind]: { ...form.options[kind], ...changes } } })

/** Whether two forms say the same. */
export const saysTheSame = (one: MonitorForm, other: MonitorForm): boolean =>
  JSON.stringify(one) === JSON.stringify(other)
