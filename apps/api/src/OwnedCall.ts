import { NotFound, type ServiceUnavailable } from "@uptime/contract/ApiErrors"
import type { StoreError } from "@uptime/persistence/StoreError"
import { Effect, Predicate } from "effect"
import { storeCall } from "./StoreCall.ts"

/**
 * Calls of the database (`storeCall`) that name something of a person's: what is not there and what is somebody else's are
 * answered alike, as `NotFound`.
 *
 * @param tag what such a call fails with where the person has no such thing
 * @param what how the answer calls it, such as `channel`
 */
export const ownedCalls =
  <Tag extends string>(tag: Tag, what: string) =>
  <A, E, R>(call: Effect.Effect<A, E, R>) => {
    type Failure = Exclude<E, StoreError> | ServiceUnavailable
    const isMissing = (error: Failure): error is Extract<Failure, { readonly _tag: Tag }> =>
      Predicate.isTagged(error, tag)
    return Effect.catchIf(storeCall(call), isMissing, () => NotFound.of(what))
  }
