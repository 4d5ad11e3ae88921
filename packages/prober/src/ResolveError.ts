import { Data } from "effect"

/**
 * Why a name has no address to dial.
 *
 * - `notFound`: the name does not exist
 * - `noAddress`: the name exists and has no address
 * - `malformed`: no name server can be asked for it
 * - `failed`: its own name servers fail or do not answer, while ours answer other questions
 * - `timeout`: no answer within the time given, while our name servers answer other questions
 * - `unavailable`: our name servers do not answer, or this machine cannot ask them; says nothing about the target
 */
export class ResolveError extends Data.TaggedError("ResolveError")<{
  readonly reason: "notFound" | "noAddress" | "malformed" | "failed" | "timeout" | "unavailable"
}> {}

/** The most addresses of one name that are looked at. */
export const maxAddresses = 16
