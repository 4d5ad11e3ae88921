import { DateTime, Schema } from "effect"

/**
 * A whole number in a query string, written in plain digits.
 *
 * @param min the least that is accepted
 * @param max the most that is accepted
 */
export const QueryInt = (min: number, max: number) => {
  const message = () => `must be a whole number from ${min} to ${max}`
  return Schema.String.pipe(
    Schema.pattern(/^\d{1,9}$/, { message }),
    Schema.compose(Schema.NumberFromString),
    Schema.between(min, max, { message, jsonSchema: { type: "integer", minimum: min, maximum: max } }),
  )
}

const isoInstant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d))?$/

/** An instant in a query string: ISO 8601 with an offset, or a date (midnight, UTC); 1970 to 9999. */
export const QueryTime = Schema.String.pipe(
  Schema.pattern(isoInstant, { message: () => "must be an ISO 8601 date or date-time with its offset" }),
  Schema.compose(Schema.DateTimeUtc),
  Schema.filter((time) => DateTime.toEpochMillis(time) >= 0 || "must not be before 1970", {
    jsonSchema: { type: "string", format: "date-time" },
  }),
)

/**
 * Things in a query string with commas between: 1 to `most`, each at most once, in any case.
 *
 * @param item what one of them is
 */
export const QueryList = <A extends string>(item: Schema.Schema<A, string>, most: number) =>
  Schema.transform(Schema.String.pipe(Schema.maxLength(most * 64)), Schema.Array(item), {
    strict: true,
    decode: (text) => text.split(","),
    encode: (items) => items.join(","),
  }).pipe(
    Schema.filter(
      (items) => (items.length >= 1 && items.length <= most) || `must be 1 to ${most}, with commas between`,
    ),
    Schema.filter(
      (items) => new Set(items.map((text) => text.toLowerCase())).size === items.length || "each may be given once",
    ),
  )

/** Yes or no in a query string: `true` or `false`. */
export const QueryBoolean = Schema.transform(Schema.Literal("true", "false"), Schema.Boolean, {
  strict: true,
  decode: (text) => text === "true",
  encode: (value) => (value ? "true" : "false"),
})

/** Refuses a stretch of time that begins after its end. */
export const inOrder = ({
  from,
  to,
}: {
  readonly from?: DateTime.Utc | undefined
  readonly to?: DateTime.Utc | undefined
}) =>
  from !== undefined && to !== undefined && DateTime.greaterThan(from, to)
    ? { path: ["from"], message: "must not be after to" }
    : undefined
