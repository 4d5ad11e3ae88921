import { type LookupAddress, lookup } from "node:dns"
import { isIP } from "node:net"
import { Effect } from "effect"
import { maxAddresses, ResolveError } from "./ResolveError.ts"

/** How many of the four threads that file access and password hashing share may wait for the operating system's lookups. */
export const maxSystemLookups = 2

/** Asks the operating system for all addresses of a name. */
export type AskSystem = (
  name: string,
  onAnswer: (error: NodeJS.ErrnoException | null, found: ReadonlyArray<LookupAddress>) => void,
) => void

const getaddrinfo: AskSystem = (name, onAnswer) => lookup(name, { all: true }, onAnswer)

/**
 * Lookups by the operating system's own rules (`getaddrinfo`): search domains, mDNS and whatever else it is configured for.
 * A lookup occupies a thread for as long as the slowest of these pleases and cannot be called off, hence at most two at a
 * time; those that wait, and those whose answer does not come, end as `unavailable` when their time is up.
 *
 * @param ask how the system is asked
 */
export const systemLookup = (ask: AskSystem = getaddrinfo) =>
  Effect.map(
    Effect.makeSemaphore(maxSystemLookups),
    (semaphore) =>
      (name: string, withinMs: number): Effect.Effect<ReadonlyArray<string>, ResolveError> =>
        Effect.async<ReadonlyArray<string>, ResolveError>((resume) =>
          ask(name, (error, found) => {
            if (error === null) resume(Effect.succeed(ipv4First(found.map(({ address }) => address))))
            else resume(new ResolveError({ reason: error.code === "ENOTFOUND" ? "notFound" : "unavailable" }))
          }),
        ).pipe(
          // The permit is held until the thread is free again, whoever still waits for the answer.
          Effect.uninterruptible,
          semaphore.withPermits(1),
          Effect.disconnect,
          Effect.timeoutFail({ duration: withinMs, onTimeout: () => new ResolveError({ reason: "unavailable" }) }),
        ),
  )

/** Addresses in the order in which they are worth trying, at most 16: most machines have a working IPv4 route. */
export const ipv4First = (addresses: ReadonlyArray<string>): ReadonlyArray<string> => {
  const family = (version: number) => addresses.filter((address) => isIP(address) === version)
  return [...family(4), ...family(6)].slice(0, maxAddresses)
}
