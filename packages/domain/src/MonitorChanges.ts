import { Either } from "effect"
import type { AlertRules } from "./AlertRules.ts"
import { CheckKind } from "./CheckKind.ts"
import { mapSecrets } from "./CheckSecrets.ts"
import type { CheckOptions, KindOptions } from "./CheckSpec.ts"
import type { StoredCondition } from "./Condition.ts"
import type { Confirmation } from "./Confirmation.ts"
import { maxSpecLength } from "./Job.ts"
import { checkSpec, defaultName, type MonitorSettings } from "./Monitor.ts"
import { defaultAlertRules, defaultConfirmation, defaultTimeoutMs } from "./MonitorDefaults.ts"
import { type MonitorUrl, portOf, readUrl } from "./MonitorUrl.ts"
import { optionIssues } from "./OptionIssues.ts"
import { isKeptSecret, type KeptSecret, type SealedSecret } from "./Secret.ts"
import { kindOfUrl } from "./UrlScheme.ts"

/**
 * Changes of a monitor: what is named changes, all else stays. Of `confirmation` and `alerts` each field is a thing of its
 * own; the options of a kind are changed as a whole, but for the secrets in them that stay what they are.
 */
export interface MonitorChanges
  extends Partial<Omit<MonitorSettings, "check" | "confirmation" | "alerts">>,
    KindOptions<SealedSecret | KeptSecret> {
  readonly conditions?: ReadonlyArray<StoredCondition>
  readonly confirmation?: Partial<Confirmation>
  readonly alerts?: Partial<AlertRules>
}

/** What is wrong with settings, and in which field: the path of names and indexes that leads to it. */
export interface SettingsIssue {
  readonly path: ReadonlyArray<string | number>
  readonly message: string
}

/**
 * The settings of a new monitor that says nothing but its URL. A heartbeat is told, and nothing is to be confirmed.
 *
 * @param intervalSeconds the seconds between two checks
 */
export const defaultSettings = (url: MonitorUrl, intervalSeconds: number): MonitorSettings => ({
  name: defaultName(url),
  url,
  intervalSeconds,
  timeoutMs: defaultTimeoutMs,
  enabled: true,
  tags: [],
  check: {},
  confirmation:
    kindOfUrl(url) === "heartbeat" ? { ...defaultConfirmation, failures: 1, successes: 1 } : defaultConfirmation,
  alerts: defaultAlertRules,
  group: null,
  parents: [],
})

/**
 * Settings with changes made, or all that speaks against them: options of another kind than the URL's, a secret that is to
 * be kept where there is none, or would go to another server than it was given for, a heartbeat that is asked to be something else. Options of a former kind go with it.
 */
export const changeSettings = (
  before: MonitorSettings,
  changes: MonitorChanges,
): Either.Either<MonitorSettings, ReadonlyArray<SettingsIssue>> => {
  const url = changes.url ?? before.url
  const kind = kindOfUrl(url)
  const { issues, options } = resolveSecrets(changes, before)
  for (const other of CheckKind.literals) {
    if (other === kind || changes[other] === undefined) continue
    issues.push({ path: [other], message: `is for checks of the kind ${other}, and this URL is checked by ${kind}` })
  }
  // Only what is named: a monitor that was stored with them can still be renamed and turned off.
  issues.push(...optionIssues(kind, changes))
  const settings: MonitorSettings = {
    name: changes.name ?? before.name,
    url,
    intervalSeconds: changes.intervalSeconds ?? before.intervalSeconds,
    timeoutMs: changes.timeoutMs ?? before.timeoutMs,
    enabled: changes.enabled ?? before.enabled,
    tags: changes.tags ?? before.tags,
    check: checkOptions(kind, changes.conditions ?? before.check.conditions ?? [], { ...before.check, ...options }),
    confirmation: { ...before.confirmation, ...changes.confirmation },
    alerts: { ...before.alerts, ...changes.alerts },
    group: changes.group === undefined ? before.group : changes.group,
    parents: changes.parents ?? before.parents,
  }
  if (issues.length === 0) issues.push(...settingsIssues(settings, kindOfUrl(before.url)))
  return issues.length === 0 ? Either.right(settings) : Either.left(issues)
}

/** The options that changes name, with the stored secrets in the place of those that are kept. */
const resolveSecrets = (
  changes: MonitorChanges,
  { check: before, url: formerUrl }: MonitorSettings,
): { readonly options: KindOptions<SealedSecret>; readonly issues: Array<SettingsIssue> } => {
  const stored = new Map<string, SealedSecret>()
  mapSecrets(before, (secret, { key }) => void stored.set(key, secret))
  const issues: Array<SettingsIssue> = []
  const url = changes.url ?? formerUrl
  const isMoved = serverOf(url) !== serverOf(formerUrl)
  const hasOtherTokenServer = tokenServerOf(changes) !== tokenServerOf(before)
  const options = mapSecrets(kindOptionsOf(changes), (secret, { key, path }): SealedSecret => {
    if (!isKeptSecret(secret)) return secret
    const kept = stored.get(key)
    if (kept !== undefined) {
      if (isMoved || (hasOtherTokenServer && key === "http.auth.clientSecret"))
        issues.push({ path, message: givenForOther })
      return kept
    }
    issues.push({ path, message: "is the mask of a secret, and there is none here to keep: give the secret itself" })
    return { sealed: "" }
  })
  if (isMoved) {
    mapSecrets(before, (_, { path }) => {
      const isKept = path[0] === kindOfUrl(url) && changes[kindOfUrl(url)] === undefined
      if (isKept) issues.push({ path, message: givenForOther })
    })
  }
  return { options, issues }
}

/** Whoever may edit a monitor must not learn its secrets by having them sent to a server of their own. */
const givenForOther = "was given for another server: send the secret again, or leave it out"

/** What a URL's secrets are sent to: scheme, host and port. */
const serverOf = (text: string): string => {
  const url = readUrl(text)
  return url === null ? text : `${url.protocol}//${url.hostname}:${portOf(url)}`
}

/** The server that is asked for tokens; null where none is. */
const tokenServerOf = <Secret>({ http }: KindOptions<Secret>): string | null =>
  http?.auth?.type === "oauth2" ? serverOf(http.auth.tokenUrl) : null

/** Nothing but the options of kinds. */
const kindOptionsOf = <Secret>(from: KindOptions<Secret>): KindOptions<Secret> => {
  const { dns, domain, grpc, heartbeat, http, mysql, ping, postgres, redis, smtp, tcp, tls, websocket } = from
  return {
    ...(http && { http }),
    ...(tcp && { tcp }),
    ...(dns && { dns }),
    ...(ping && { ping }),
    ...(tls && { tls }),
    ...(websocket && { websocket }),
    ...(grpc && { grpc }),
    ...(smtp && { smtp }),
    ...(postgres && { postgres }),
    ...(mysql && { mysql }),
    ...(redis && { redis }),
    ...(domain && { domain }),
    ...(heartbeat && { heartbeat }),
  }
}

/** What checks of a kind are told, without what is empty. */
const checkOptions = (
  kind: CheckKind,
  conditions: ReadonlyArray<StoredCondition>,
  options: KindOptions<SealedSecret>,
): CheckOptions => {
  const own = Object.entries(kindOptionsOf(options)).filter(
    ([name, value]) => name === kind && Object.keys(value).length > 0,
  )
  return { ...(conditions.length > 0 && { conditions }), ...Object.fromEntries(own) }
}

/** What speaks against settings as a whole. */
const settingsIssues = (settings: MonitorSettings, formerKind: CheckKind): ReadonlyArray<SettingsIssue> => {
  const { check, confirmation, url } = settings
  const isHeartbeat = kindOfUrl(url) === "heartbeat"
  const issues: Array<SettingsIssue> = []
  if (isHeartbeat !== (formerKind === "heartbeat")) {
    issues.push({ path: ["url"], message: "cannot make a heartbeat of a check, or a check of one: add a new monitor" })
  }
  if (isHeartbeat) {
    if (check.heartbeat === undefined) {
      issues.push({
        path: ["heartbeat"],
        message: "must say when heartbeats are expected: by periodSeconds, or by cron",
      })
    }
    if (check.conditions !== undefined) {
      issues.push({ path: ["conditions"], message: "must be empty for a heartbeat, which checks nothing" })
    }
    for (const field of ["failures", "successes"] as const) {
      if (confirmation[field] !== 1) {
        issues.push({ path: ["confirmation", field], message: "must be 1 for a heartbeat, which is believed at once" })
      }
    }
    if (confirmation.minRegions !== 1) {
      issues.push({
        path: ["confirmation", "minRegions"],
        message: "must be 1 for a heartbeat, which no region checks",
      })
    }
  }
  if (JSON.stringify(checkSpec(settings)).length > maxSpecLength) {
    issues.push({
      path: [kindOfUrl(url)],
      message: `is too long: with its secrets sealed, all that a check is told may have ${maxSpecLength} characters`,
    })
  }
  return issues
}
