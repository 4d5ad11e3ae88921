import { isIP } from "node:net"
import { Config, ConfigError, Data, Either } from "effect"
import ipaddr from "ipaddr.js"

/** A block of addresses: an address and how many of its leading bits count. */
export type Cidr = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

/**
 * Which addresses may be dialled. Public unicast addresses may, unless `denyCidrs` holds them; `allowCidrs` adds others;
 * `allowPrivate` adds loopback, RFC 1918, RFC 6598 and unique-local addresses, for an installation that runs on its owner's
 * own machine. What can never be a target (see `checkAddress`) is refused whatever the policy says.
 */
export interface TargetPolicy {
  readonly allowCidrs: ReadonlyArray<Cidr>
  readonly denyCidrs: ReadonlyArray<Cidr>
  readonly allowPrivate: boolean
}

/** Public addresses only: the policy of an installation that says nothing else. */
export const publicOnly: TargetPolicy = { allowCidrs: [], denyCidrs: [], allowPrivate: false }

/**
 * Why an address is refused: `never` for what no policy allows (metadata services, link-local, unspecified, multicast,
 * IPv4 hidden in IPv6), `denied` by the operator's list, `private` for what is not public and not allowed here.
 */
export type Refusal = "never" | "denied" | "private"

/** The sentence for a person. It names no address: what a name resolves to inside is nobody's business outside. */
export const refusalMessage: Readonly<Record<Refusal, string>> = {
  never: "the address is link-local, a metadata service or otherwise not a host that can be checked",
  denied: "the operator of this installation does not allow checks of this address",
  private: "the address is private or reserved, and this installation checks public addresses only",
}

/** A text that is not a list of CIDR blocks. */
export class InvalidCidr extends Data.TaggedError("InvalidCidr")<{ readonly message: string }> {}

/**
 * Reads a comma-separated list of CIDR blocks, such as `10.0.0.0/8, fd12:3456::/48`; an address alone is a block of one.
 * An empty text is an empty list.
 */
export const parseCidrs = (text: string): Either.Either<ReadonlyArray<Cidr>, InvalidCidr> => {
  const cidrs: Array<Cidr> = []
  for (const item of text.split(",")) {
    const entry = item.trim()
    if (entry === "") continue
    const cidr = parseCidr(entry)
    if (cidr === null) {
      return Either.left(
        new InvalidCidr({
          message: `"${entry.slice(0, 60)}" is not an address block; give a comma-separated list such as "10.0.0.0/8, fd12:3456::/48"`,
        }),
      )
    }
    cidrs.push(cidr)
  }
  return Either.right(cidrs)
}

const parseAddress = (address: string): ipaddr.IPv4 | ipaddr.IPv6 | null => {
  // Asked first because ipaddr.js rejects by throwing, which costs ten times what parsing does.
  const version = isIP(address)
  if (version === 4) return ipaddr.IPv4.parse(address)
  return version === 6 && !address.includes("%") ? ipaddr.IPv6.parse(address) : null
}

const parseCidr = (entry: string): Cidr | null => {
  const slash = entry.indexOf("/")
  const address = slash < 0 ? entry : entry.slice(0, slash)
  const parsed = parseAddress(address)
  if (parsed === null) return null
  const width = parsed.kind() === "ipv4" ? 32 : 128
  if (slash < 0) return [parsed, width]
  const bits = entry.slice(slash + 1)
  return /^\d{1,3}$/.test(bits) && Number(bits) <= width ? [parsed, Number(bits)] : null
}

const cidrList = (name: string) =>
  Config.string(name).pipe(
    Config.withDefault(""),
    Config.mapOrFail((text) =>
      Either.mapLeft(parseCidrs(text), (error) => ConfigError.InvalidData([name], error.message)),
    ),
  )

/**
 * The policy from configuration: `PROBE_ALLOW_CIDRS` and `PROBE_DENY_CIDRS`, both empty by default. A wrong value is a
 * `ConfigError` with one line that says which entry is meant.
 *
 * @param allowPrivate whether private addresses may be checked without being listed
 */
export const policyConfig = (allowPrivate: boolean): Config.Config<TargetPolicy> =>
  Config.all({
    allowCidrs: cidrList("PROBE_ALLOW_CIDRS"),
    denyCidrs: cidrList("PROBE_DENY_CIDRS"),
    allowPrivate: Config.succeed(allowPrivate),
  })

const blocks = (...texts: ReadonlyArray<string>): ReadonlyArray<Cidr> => Either.getOrThrow(parseCidrs(texts.join(",")))

/**
 * What is no target under any policy. Besides link-local, unspecified, multicast, reserved and broadcast blocks these are
 * the addresses at which clouds serve credentials to their machines: AWS (169.254.0.0/16, fd00:ec2::/32), Azure's wire
 * server (168.63.129.16), Alibaba (100.100.100.200), Oracle (192.0.0.192), Google (fd20:ce::254); and the forms that hide
 * an IPv4 address in IPv6 and that no host is reached by: compatible (RFC 4291), translated (RFC 6145), 6to4 (RFC 3056),
 * Teredo (RFC 4380) and the local NAT64 prefix (RFC 8215), whose embedded address cannot be told for certain.
 */
const neverTargets = blocks(
  "0.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "168.63.129.16",
  "100.100.100.200",
  "192.0.0.192",
  "fe80::/10",
  "ff00::/8",
  "fd00:ec2::/32",
  "fd20:ce::254",
  "::ffff:0:0:0/96",
  "2002::/16",
  "2001::/32",
  "64:ff9b:1::/48",
)

/** `::1` lies within the compatible block and is the one address there that means a host. */
const ipv4Compatible = blocks("::/96")
const ipv4Mapped = blocks("::ffff:0:0/96")
/** The well-known NAT64 prefix (RFC 6052): how an IPv6-only machine reaches every IPv4 host. */
const nat64 = blocks("64:ff9b::/96")
/** All global unicast addresses that IANA has given out (RFC 3513, section 4). */
const globalUnicast = blocks("2000::/3")

/** The ranges that `allowPrivate` adds, by the names that ipaddr.js gives them. */
const ownRanges: ReadonlySet<string> = new Set(["loopback", "private", "carrierGradeNat", "uniqueLocal"])

const isWithin = (address: ipaddr.IPv4 | ipaddr.IPv6, cidrs: ReadonlyArray<Cidr>): boolean => {
  for (const [block, bits] of cidrs) {
    if (block.kind() === address.kind() && address.match(block, bits)) return true
  }
  return false
}

/** The IPv4 address in the last 32 bits of an IPv6 address. */
const lowIpv4 = (address: ipaddr.IPv6): ipaddr.IPv4 => new ipaddr.IPv4(address.toByteArray().slice(12))

/** ISATAP (RFC 5214): an interface identifier that tunnels to the IPv4 address behind it. */
const isIsatap = ({ parts }: ipaddr.IPv6): boolean => parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200)

/**
 * Whether the policy lets an address be dialled. Pure; what is checked must be what is dialled.
 *
 * IPv4-mapped addresses and those behind the well-known NAT64 prefix are judged by the IPv4 address they stand for. The
 * order is: never, denied, allowed by block, public, allowed because private.
 *
 * @param address an IPv4 or IPv6 address in its usual text form, without brackets or zone; any other text is refused
 * @returns null when it may be dialled
 */
export const checkAddress = (policy: TargetPolicy, address: string): Refusal | null => {
  const parsed = parseAddress(address)
  if (parsed === null) return "never"
  if (parsed.kind() === "ipv6" && parsed instanceof ipaddr.IPv6) {
    if (isWithin(parsed, ipv4Mapped) || isWithin(parsed, nat64)) return checkParsed(policy, lowIpv4(parsed))
    if (isIsatap(parsed)) return "never"
    if (isWithin(parsed, ipv4Compatible) && parsed.range() !== "loopback") return "never"
  }
  return checkParsed(policy, parsed)
}

const checkParsed = (policy: TargetPolicy, address: ipaddr.IPv4 | ipaddr.IPv6): Refusal | null => {
  if (isWithin(address, neverTargets)) return "never"
  if (isWithin(address, policy.denyCidrs)) return "denied"
  if (isWithin(address, policy.allowCidrs)) return null
  const range = address.range()
  if (range === "unicast" && (address.kind() === "ipv4" || isWithin(address, globalUnicast))) return null
  return policy.allowPrivate && ownRanges.has(range) ? null : "private"
}

/** The host of a URL as it is looked up or dialled: an IPv6 address loses its brackets. */
export const dialledHost = (url: URL): string =>
  url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname

/** Whether a name is `localhost` or below it, which RFC 6761 gives to loopback. A final dot changes nothing. */
export const isLocalhostName = (name: string): boolean => /^(?:.*\.)?localhost\.?$/i.test(name)

/**
 * What can be said of a URL before any name is looked up: a literal address is judged as `checkAddress` does, a
 * `localhost` name as loopback. Any other name passes here and is judged by its addresses when it is checked.
 *
 * @param url a URL that `parseMonitorUrl` has accepted; the parser has already undone every other way to write an address
 * @returns null when nothing speaks against it
 */
export const checkLiteralUrl = (policy: TargetPolicy, url: URL): Refusal | null => {
  const host = dialledHost(url)
  if (isLocalhostName(host)) return checkAddress(policy, "127.0.0.1")
  return parseAddress(host) === null ? null : checkAddress(policy, host)
}
