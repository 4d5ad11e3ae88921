import { Resolver } from "node:dns"
import { isIP } from "node:net"
import { monotonicNow } from "./MonotonicClock.ts"

/** Where a name server listens: an address without brackets, and a port. */
export interface NameServer {
  readonly address: string
  readonly port: number
}

const defaultPort = 53

/** Reads `9.9.9.9`, `9.9.9.9:5353`, `2620:fe::fe` or `[2620:fe::fe]:53`; null when it is none of these. */
export const parseNameServer = (text: string): NameServer | null => {
  if (isIP(text) !== 0) return { address: text, port: defaultPort }
  const [, bracketed, plain, port = `${defaultPort}`] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const address = bracketed ?? plain ?? ""
  const isAddress = isIP(address) === (bracketed === undefined ? 4 : 6)
  return isAddress && Number(port) > 0 && Number(port) <= 65_535 ? { address, port: Number(port) } : null
}

/** Gives the name servers of this machine, in the order in which they are asked. */
export type OwnNameServers = () => ReadonlyArray<NameServer>

/** The most that are asked, as everywhere (resolv.conf(5)). */
const maxServers = 3
/** How long what was read is held for true, in milliseconds. */
const freshMs = 30_000

const followConfiguration = (): OwnNameServers => {
  let servers: ReadonlyArray<NameServer> = []
  let readAt = Number.NEGATIVE_INFINITY
  return () => {
    if (monotonicNow() - readAt > freshMs) {
      // The system's configuration is read when a resolver is made, and never again by it.
      servers = new Resolver()
        .getServers()
        .flatMap((text) => parseNameServer(text) ?? [])
        .slice(0, maxServers)
      readAt = monotonicNow()
    }
    return servers
  }
}

/** Those that the operating system is configured to ask; a change of them shows within half a minute. */
export const systemNameServers: OwnNameServers = followConfiguration()
