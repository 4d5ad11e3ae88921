import { FastCheck } from "effect"
import type { Random } from "./Random.ts"

/** Every secret that is sent begins so: where these letters come back, or are logged, one was told. */
export const secretMark = "hush-"

/** A secret that no other is like. */
export const freshSecret = (random: Random): string => `${secretMark}${random.below(2 ** 31).toString(36)}-xyz`

/** One pixel. */
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

/** A text as JSON Schema cannot say it, by the name of the schema or of the field. */
const named: Readonly<Record<string, readonly [string, ...ReadonlyArray<string>]>> = {
  MonitorUrl: [
    "https://site.invalid/health?a=b",
    "http://site.invalid:8080/",
    "tcp://site.invalid:5000",
    "dns://site.invalid",
    "icmp://site.invalid",
    "tls://site.invalid:8443",
    "wss://site.invalid/live",
    "grpc://site.invalid:50051",
    "smtp://mail.invalid",
    "postgres://db.invalid",
    "mysql://db.invalid:3307",
    "rediss://cache.invalid",
    "domain://site.invalid",
    "heartbeat://",
    "heartbeat://",
  ],
  ConditionText: [
    "[STATUS] == 200",
    "[RESPONSE_TIME] < 500",
    "[BODY].status == up",
    "[CONNECTED] == true",
    "len([BODY]) > 3",
    "[CERTIFICATE_EXPIRATION] > 48h",
  ],
  WallDateTime: ["2027-03-28T02:30", "2027-10-31T02:30", "2026-12-01T00:00"],
  DateTimeUtc: ["2027-01-01T00:00:00Z", "2026-11-30T12:00:00.000Z", "2027-06-01T10:00:00+02:00"],
  CustomCss: ["", ".page { color: #123456 }"],
  AddressRange: ["192.0.2.0/24", "2001:db8::/32"],
  url: ["https://hooks.invalid/a?b=c", "http://hooks.invalid:8080/"],
  server: ["https://chat.invalid", "http://chat.invalid:8080/base"],
  tokenUrl: ["https://login.invalid/token"],
  host: ["mail.invalid"],
  timeZone: ["UTC", "Europe/Berlin", "Australia/Lord_Howe"],
  cron: ["*/5 * * * *", "0 3 * * 1-5"],
  rule: ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU", "FREQ=MONTHLY;BYMONTHDAY=31"],
  resolver: ["192.0.2.53", "[2001:db8::1]:53"],
  acceptedStatus: ["200", "200-299"],
  certificate: ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
  certificateAuthority: ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
  data: [png],
  from: ["2026-11-01T00:00:00Z", "2026-11-20"],
  to: ["2026-11-30T00:00:00Z", "2027-01-01"],
  status: ["Up", "Down"],
  ping: ["12.5"],
}

/** A text that stands for something more than its schema says; undefined where it does not. */
export const namedText = (name: string, random: Random): string | undefined => {
  const texts = Object.hasOwn(named, name) ? named[name] : undefined
  return texts === undefined ? undefined : random.pick(texts)
}

const letters = ["a", "Z", "0", " ", "é", "ß", "日", "😀", "'", '"', "<", "&", "%", "_", "\\", ";", "-"] as const

/** Any text of a length within the limits. */
export const plainText = (min: number, max: number, random: Random): string => {
  const length = Math.min(max, min + random.below(random.chance(0.05) ? 200 : 12))
  let text = ""
  while (text.length < length) text += random.pick(letters)
  return text.length > max ? "x".repeat(max) : text
}

const samples = new Map<string, ReadonlyArray<string>>()

/** A text that a regular expression matches. */
export const matching = (pattern: string, maxLength: number, random: Random): string => {
  let texts = samples.get(pattern)
  if (texts === undefined) {
    texts = FastCheck.sample(FastCheck.stringMatching(new RegExp(pattern)), { numRuns: 40, seed: 1 })
    samples.set(pattern, texts)
  }
  return random.any(texts.filter((text) => text.length <= maxLength)) ?? ""
}
