import { Schema } from "effect"

/**
 * A place that checks monitors, such as `USA` or `India`: it is a consumer group of the stream and the `location` of a
 * result. Letters, digits, `_` and `-`, beginning with a letter, at most 32 characters.
 */
export const Region = Schema.String.pipe(
  Schema.pattern(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, {
    message: () => "a region is 1 to 32 letters, digits, _ or -, and begins with a letter",
  }),
  Schema.brand("Region"),
  Schema.annotations({ identifier: "Region" }),
)
export type Region = typeof Region.Type

/** The regions of a fresh installation. */
export const defaultRegions: readonly [Region, Region] = [Region.make("USA"), Region.make("India")]
