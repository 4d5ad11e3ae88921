import { ApiFailure } from "../api/ApiFailure.ts"
import type { Answer, Request } from "../api/call.ts"
import type { ChannelKind } from "./fields.ts"
import { kindOf } from "./kinds.ts"
import { problemsOf } from "./problems.ts"
import { line } from "./rules.ts"
import { configOf, trimmed, type Values, valuesOf } from "./settings.ts"

/** A channel as the api shows it. */
export type Channel = Answer<"channels", "get">

/** What the form of a channel holds. */
export interface ChannelForm {
  readonly kind: ChannelKind
  readonly name: string
  readonly values: Values
  readonly enabled: boolean
  readonly isDefault: boolean
  readonly quiet: {
    readonly on: boolean
    /** `HH:MM`. */
    readonly from: string
    readonly to: string
    readonly timeZone: string
  }
}

/**
 * The form of a channel that is not there yet.
 *
 * @param timeZone where the person is
 */
export const newForm = (kind: ChannelKind, timeZone: string): ChannelForm => ({
  kind,
  name: kindOf(kind).label,
  values: valuesOf(kind),
  enabled: true,
  isDefault: true,
  quiet: { on: false, from: "22:00", to: "07:00", timeZone },
})

/** The form of a channel as it is: its secrets are kept. */
export const formOf = ({ config, enabled, isDefault, name, quietHours }: Channel, timeZone: string): ChannelForm => ({
  kind: config.kind,
  name,
  values: valuesOf(config.kind, config),
  enabled,
  isDefault,
  quiet: quietHours === null ? newForm(config.kind, timeZone).quiet : { on: true, ...quietHours },
})

/** A form without the blanks around what was typed. */
export const tidied = (form: ChannelForm): ChannelForm => ({
  ...form,
  name: form.name.trim(),
  values: trimmed(form.values),
})

/** What the api is sent for a form in which `problemsOfForm` finds nothing. */
export const payloadOf = ({ enabled, isDefault, kind, name, quiet, values }: ChannelForm): Payload => ({
  name,
  config: configOf(kind, values),
  enabled,
  isDefault,
  quietHours: quiet.on ? { from: quiet.from, to: quiet.to, timeZone: quiet.timeZone } : null,
})

type Payload = Request<"channels", "create">["payload"]

const nameRule = line(200)

const isTime = (text: string): boolean => /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text)

/** What is wrong with a form, by the path of the field: `name`, `quiet`, or `config.` and that of a setting. */
export const problemsOfForm = ({ kind, name, quiet, values }: ChannelForm): ReadonlyMap<string, string> => {
  const problems = new Map<string, string>()
  for (const [path, problem] of problemsOf(kind, values)) problems.set(`config.${path}`, problem)
  const wrongName = name === "" ? "Give it a name." : nameRule(name)
  if (wrongName !== undefined) problems.set("name", wrongName)
  if (quiet.on && !(isTime(quiet.from) && isTime(quiet.to))) problems.set("quiet", "Give both times.")
  else if (quiet.on && quiet.from === quiet.to) problems.set("quiet", "The two times must differ.")
  return problems
}

/**
 * What the api found wrong with a form, by the path of the field, and what of it belongs to no field.
 *
 * @param paths the paths of the fields
 */
export const refusedFields = (
  error: unknown,
  paths: ReadonlyArray<string>,
): { readonly problems: ReadonlyMap<string, string>; readonly rest: unknown } => {
  const problems = new Map<string, string>()
  if (!(error instanceof ApiFailure) || error.issues.length === 0) return { problems, rest: error ?? undefined }
  for (const { message, path } of error.issues) {
    const at = path.join(".")
    const field = at.startsWith("quietHours") ? "quiet" : paths.find((each) => at === each || at.startsWith(`${each}.`))
    if (field === undefined) return { problems, rest: error }
    const said = `This ${message}.`
    problems.set(field, said)
    problems.set(at, said)
  }
  return { problems, rest: undefined }
}
