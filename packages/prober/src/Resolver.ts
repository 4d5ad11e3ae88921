import { isIP } from "node:net"
import { Context, Effect, Layer } from "effect"
import { followHosts, type HostsTable, systemHostsFile } from "./HostsFile.ts"
import { nameServers } from "./NameServers.ts"
import type { ResolveError } from "./ResolveError.ts"
import { ipv4First, systemLookup } from "./SystemLookup.ts"
import { isLocalhostName } from "./TargetGuard.ts"

/** Turns the names of targets into addresses. */
export class Resolver extends Context.Tag("@uptime/prober/Resolver")<
  Resolver,
  {
    /**
     * The addresses of a name, IPv4 first, at least one and at most 16. Nothing is cached, so that every check measures a
     * lookup, and the caller dials only what it was given: a later answer cannot slip in.
     *
     * @param name a host name as `URL.hostname` gives it
     * @param withinMs how long it may take; it has ended by then
     */
    readonly resolve: (name: string, withinMs: number) => Effect.Effect<ReadonlyArray<string>, ResolveError>
  }
>() {
  /**
   * The machine's own ways, in this order: `localhost` and names below it are loopback (RFC 6761); names in the hosts file
   * have the addresses given there; names of a single label and those under `.local`, which only the operating system can
   * find (search domains, mDNS), go through `getaddrinfo`; every other name is asked of the configured name servers.
   *
   * `getaddrinfo` blocks one of the four threads that file access and password hashing share, for as long as a name server
   * pleases, so it is used for nothing else and on two threads at most.
   */
  static readonly layer: Layer.Layer<Resolver> = Layer.scoped(
    this,
    Effect.gen(function* () {
      const hosts = yield* followHosts(systemHostsFile)
      const servers = nameServers({})
      const throughSystem = yield* systemLookup()
      return Resolver.of({
        resolve: (name, withinMs) => {
          const known = knownAddresses(name, hosts())
          if (known !== null) return Effect.succeed(known)
          return isLocalName(name) ? throughSystem(name, withinMs) : servers.resolve(name, withinMs)
        },
      })
    }),
  )
}

const loopback = ["127.0.0.1", "::1"]

/** The addresses of a name that need no lookup; null for every other name. */
export const knownAddresses = (name: string, hosts: HostsTable): ReadonlyArray<string> | null => {
  if (isLocalhostName(name)) return loopback
  if (hosts.size === 0) return null
  const listed = hosts.get(withoutFinalDot(name))?.filter((address) => isIP(address) !== 0)
  return listed === undefined || listed.length === 0 ? null : ipv4First(listed)
}

const withoutFinalDot = (name: string): string => (name.endsWith(".") ? name.slice(0, -1) : name)

const isLocalName = (name: string): boolean => !withoutFinalDot(name).includes(".") || /\.local\.?$/.test(name)
