import type { Region } from "@uptime/domain/Region"
import { policyConfig, type TargetPolicy } from "@uptime/prober/TargetGuard"
import * as Settings from "@uptime/runtime/Settings"
import { Config, Context, type Duration, type Option, type Redacted } from "effect"

/** What the api is told by its operator. */
export interface ApiSettingsValue {
  /** What session tokens are signed with. */
  readonly jwtSecret: Redacted.Redacted
  readonly jwtExpiresIn: Duration.Duration
  /**
   * Whether strangers may make an account. `closed` means closed, for the first account too: an installation is opened
   * for as long as its people sign up, so that nobody who finds a fresh one that is closed can take it.
   */
  readonly signup: "open" | "closed"
  /** The interval of a monitor that is given none, in seconds. */
  readonly defaultInterval: number
  /** Every region that checks. */
  readonly regions: ReadonlyArray<Region>
  /** The address that people reach the api at, without a slash at its end. */
  readonly publicUrl: Option.Option<string>
  /** Origins whose pages may call the api with a person's session. */
  readonly corsOrigins: ReadonlyArray<string>
  /** Addresses and ranges whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: ReadonlyArray<string>
  /** Which literal addresses may be targets. */
  readonly targetPolicy: TargetPolicy
  /** bcrypt's cost for new passwords. */
  readonly passwordCost: number
}

/** What the api is told by its operator. */
export class ApiSettings extends Context.Tag("@uptime/api/ApiSettings")<ApiSettings, ApiSettingsValue>() {}

/** bcrypt's cost in production: some 0.3 s on one core, and OWASP's least is 10. */
export const productionPasswordCost = 12

/** What is read from the environment wherever the api runs. */
export const commonApiSettings = {
  jwtExpiresIn: Settings.jwtExpiresIn,
  signup: Settings.signup,
  defaultInterval: Settings.defaultInterval,
  regions: Settings.regions,
  publicUrl: Settings.publicUrl,
  corsOrigins: Settings.corsOrigins,
  trustedProxies: Settings.trustedProxies,
  passwordCost: Config.succeed(productionPasswordCost),
}

/** The settings of an api of its own, from the environment. */
export const apiSettings: Config.Config<ApiSettingsValue> = Config.all({
  ...commonApiSettings,
  jwtSecret: Settings.jwtSecret,
  targetPolicy: policyConfig(false),
})
