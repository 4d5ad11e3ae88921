import type { KeptSecret, PlainSecret, SealedSecret } from "@uptime/domain/Secret"
import type { Brand, DateTime, Redacted } from "effect"

/**
 * What a value of the contract looks like in JSON: times are ISO 8601 text, secrets and ids are text, and where a list goes
 * on (`cursor`, `nextCursor`) is opaque text.
 */
export type Wire<T> = T extends DateTime.Utc
  ? string
  : T extends Redacted.Redacted<infer A>
    ? Wire<A>
    : T extends PlainSecret | SealedSecret | KeptSecret
      ? string
      : T extends string & Brand.Brand<string>
        ? string
        : T extends string | number | boolean | null | undefined
          ? T
          : T extends ReadonlyArray<unknown>
            ? { readonly [K in keyof T]: Wire<T[K]> }
            : T extends object
              ? { readonly [K in keyof T]: K extends "cursor" | "nextCursor" ? WireCursor<T[K]> : Wire<T[K]> }
              : T

type WireCursor<T> = T extends object ? string : T
