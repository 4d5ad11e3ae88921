import type { CheckKind } from "@uptime/domain/CheckKind"
import { addressOf } from "./address.ts"
import { dnsOptions } from "./dnsOptions.ts"
import { heartbeatOptions } from "./heartbeatOptions.ts"
import { kindChoice } from "./kindChoices.ts"
import type { Draft, MonitorForm, MonitorPayload, Options } from "./MonitorForm.ts"

/**
 * What the form of a monitor sends, complete: to create one, to edit one, or to try it. Of the options only those of its kind
 * go along, also when they are none, so that what was taken away is gone.
 */
export const payloadOf = (form: MonitorForm): MonitorPayload => ({
  ...(form.name.trim() === "" ? {} : { name: form.name }),
  ...given({ intervalSeconds: form.intervalSeconds, timeoutMs: form.timeoutMs }),
  enabled: form.enabled,
  tags: form.tags,
  group: form.group.trim() === "" ? null : form.group,
  parents: form.parents,
  alerts: form.alerts,
  ...(form.kind === "heartbeat" ? told(form) : checked(form, form.kind)),
})

/** What a heartbeat sends: it has no address, no conditions and no regions, and is believed at once. */
const told = ({ confirmation, options }: MonitorForm) => ({
  url: "heartbeat://",
  conditions: [],
  confirmation: { ...given(confirmation), failures: 1, successes: 1, minRegions: 1 },
  heartbeat: given(heartbeatOptions(options.heartbeat)),
})

/** What all that is checked sends; conditions without a text are none. */
const checked = (form: MonitorForm, kind: CheckKind) => ({
  url: addressOf(form.url, kindChoice(kind).scheme),
  conditions: form.conditions.filter(({ condition }) => condition.trim() !== ""),
  confirmation: given(form.confirmation),
  ...optionsOf(form, kind),
})

/** The options of one kind, under its name. */
const optionsOf = (form: MonitorForm, kind: CheckKind): { readonly [K in CheckKind]?: Options<K> } =>
  Object.fromEntries([[kind, given<object>(kind === "dns" ? dnsOptions(form.options.dns) : form.options[kind])]])

/** What is given of a draft, as it goes out: what is undefined is not there. */
const given = <T extends object>(draft: Draft<T>): T => JSON.parse(JSON.stringify(draft))
