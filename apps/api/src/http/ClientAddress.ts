import { BlockList, isIP } from "node:net"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import { Option } from "effect"

/** Whose `X-Forwarded-*` headers are believed. */
export type TrustedProxies = (address: string) => boolean

/** @param ranges addresses and ranges (address/bits), each well formed */
export const trustedProxies = (ranges: ReadonlyArray<string>): TrustedProxies => {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = "", bits] = range.split("/")
    const family = isIP(address) === 6 ? "ipv6" : "ipv4"
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4")
}

/**
 * The address of whoever sent a request: that of the connection or, where that is a trusted proxy's, the last one in
 * `X-Forwarded-For` that is not. What stands before it in the header the client may have made up. Text that is no address
 * ends the search.
 *
 * @returns an IPv4 or IPv6 address in its usual text form; `unknown` for a connection that is gone already
 */
export const clientAddress = (request: HttpServerRequest.HttpServerRequest, isTrusted: TrustedProxies): string => {
  let address = plainAddress(Option.getOrElse(request.remoteAddress, () => ""))
  const hops = (request.headers["x-forwarded-for"] ?? "").split(",")
  while (isIP(address) !== 0 && isTrusted(address) && hops.length > 0) {
    const hop = plainAddress((hops.pop() ?? "").trim())
    if (isIP(hop) === 0) break
    address = hop
  }
  return isIP(address) === 0 ? "unknown" : address
}

/** What is counted as one client: an address or, in IPv6, where everyone has as many as they like, its /64. */
export const clientNetwork = (address: string): string => {
  if (isIP(address) !== 6) return address
  const [head = "", tail = ""] = address.split("::")
  const left = head === "" ? [] : head.split(":")
  const right = tail === "" ? [] : tail.split(":")
  const groups = address.includes("::")
    ? [...left, ...Array.from({ length: 8 - left.length - right.length }, () => "0"), ...right]
    : left
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, "").toLowerCase())
    .join(":")}::/64`
}

/** Without a zone, and IPv4 as IPv4 where a socket of both families shows it as IPv6. */
const plainAddress = (address: string): string =>
  address.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "")
