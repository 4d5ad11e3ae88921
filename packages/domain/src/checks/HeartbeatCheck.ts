import { Cron, Either, Schema } from "effect"

/** A cron expression of five fields, or six with seconds first. */
const CronExpression = Schema.String.pipe(
  Schema.maxLength(100),
  Schema.filter((text) => Either.isRight(Cron.parse(text)) || "a cron expression of five fields, such as */5 * * * *", {
    arbitrary: () => (fc) => fc.constantFrom("*/5 * * * *", "0 3 * * 1-5", "15 0 1 * *"),
  }),
)

/** A time zone's name in the IANA database, such as `Europe/Berlin`. */
export const TimeZoneName = Schema.String.pipe(
  Schema.maxLength(64),
  Schema.filter((name) => isTimeZone(name) || "a time zone's name, such as Europe/Berlin", {
    arbitrary: () => (fc) => fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"),
  }),
)

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name })
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

/**
 * When a heartbeat is expected: `periodSeconds` after the last one, or by a cron expression in a time zone (`UTC` unless
 * given); and how much later it may come, `graceSeconds` (60 unless given).
 */
export const heartbeatOptions = Schema.Struct({
  periodSeconds: Schema.optionalWith(Schema.Int.pipe(Schema.between(10, 31_536_000)), { exact: true }),
  cron: Schema.optionalWith(CronExpression, { exact: true }),
  timeZone: Schema.optionalWith(TimeZoneName, { exact: true }),
  graceSeconds: Schema.optionalWith(Schema.Int.pipe(Schema.between(0, 2_592_000)), { exact: true }),
}).pipe(
  Schema.filter(
    ({ cron, periodSeconds, timeZone }) =>
      ((cron === undefined) !== (periodSeconds === undefined) && (timeZone === undefined || cron !== undefined)) ||
      "give either periodSeconds, or cron with or without a timeZone",
  ),
)
