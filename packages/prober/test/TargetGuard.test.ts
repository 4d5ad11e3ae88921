import { assert, describe, it } from "@effect/vitest"
import { parseMonitorUrl } from "@uptime/domain/MonitorUrl"
import * as TargetGuard from "@uptime/prober/TargetGuard"
import { ConfigProvider, Effect, Either, FastCheck as fc } from "effect"

const policy = (options: {
  readonly allow?: string
  readonly deny?: string
  readonly allowPrivate?: boolean
}): TargetGuard.TargetPolicy => ({
  allowCidrs: Either.getOrThrow(TargetGuard.parseCidrs(options.allow ?? "")),
  denyCidrs: Either.getOrThrow(TargetGuard.parseCidrs(options.deny ?? "")),
  allowPrivate: options.allowPrivate ?? false,
})

/** The most that a policy can allow. */
const everything = policy({ allow: "0.0.0.0/0, ::/0", allowPrivate: true })

const checkUrl = (by: TargetGuard.TargetPolicy, text: string) =>
  TargetGuard.checkLiteralUrl(by, Either.getOrThrow(parseMonitorUrl(text)))

const octets = (bits: number): ReadonlyArray<number> => [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255)
const dotted = (bits: number): string => octets(bits).join(".")

/** Addresses within a block, as 32 bits. */
const within = (base: string, prefix: number): fc.Arbitrary<number> => {
  const bits = base.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0)
  return fc.integer({ min: 0, max: 2 ** (32 - prefix) - 1 }).map((rest) => (bits + rest) >>> 0)
}

const privateIpv4 = fc.oneof(
  within("10.0.0.0", 8),
  within("172.16.0.0", 12),
  within("192.168.0.0", 16),
  within("127.0.0.0", 8),
  within("100.64.0.0", 10),
  within("192.0.2.0", 24),
  within("198.18.0.0", 15),
)
const neverIpv4 = fc.oneof(
  within("0.0.0.0", 8),
  within("169.254.0.0", 16),
  within("224.0.0.0", 4),
  within("240.0.0.0", 4),
  fc.constantFrom("168.63.129.16", "100.100.100.200", "192.0.0.192").chain((address) => within(address, 32)),
)

const number = (value: number, radix: number): string =>
  radix === 16 ? `0x${value.toString(16)}` : radix === 8 ? `0${value.toString(8)}` : String(value)

/** Every way to write an IPv4 address that the WHATWG parser undoes: one to four parts, each in any radix, and dressing. */
const ipv4Form = (bits: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom(8, 10, 16), { minLength: 4, maxLength: 4 }),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([parts, radixes, isWide, hasFinalDot]) => {
      const heads = octets(bits).slice(0, parts - 1)
      const tail = bits % 2 ** (8 * (5 - parts))
      const text = [...heads, tail].map((value, i) => number(value, radixes[i] ?? 10)).join(".")
      const dressed = isWide
        ? text.replace(/[0-9.]/g, (char) => (char === "." ? "。" : String.fromCharCode(char.charCodeAt(0) + 0xfee0)))
        : text
      return dressed + (hasFinalDot ? "." : "")
    })

const groups = (bits: number): string => `${(bits >>> 16).toString(16)}:${(bits & 0xffff).toString(16)}`

/** Every way to hide an IPv4 address in an IPv6 one. */
const embedded = (bits: number): fc.Arbitrary<string> =>
  fc
    .constantFrom(
      `::ffff:${dotted(bits)}`,
      `::ffff:${groups(bits)}`,
      `0:0:0:0:0:FFFF:${groups(bits)}`,
      `::${groups(bits)}`,
      `::${dotted(bits)}`,
      `::ffff:0:${groups(bits)}`,
      `64:ff9b::${groups(bits)}`,
      `64:ff9b::${dotted(bits)}`,
      `64:ff9b:1::${groups(bits)}`,
      `64:ff9b:1:7:${groups(bits).split(":")[0]}:0:0:0`,
      `2002:${groups(bits)}::`,
      `2002:${groups(bits)}:1:2:3:4:5`,
      `2001:0:${groups(bits)}::1`,
      `2001:0:1:2:3:4:${groups(~bits >>> 0)}`,
      `2606:4700::5efe:${groups(bits)}`,
      `2606:4700::200:5efe:${groups(bits)}`,
    )
    .filter((address) => URL.canParse(`http://[${address}]`))

const ipv6Groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
/** An IPv6 address that begins with the given bits, written in one of the ways the parser takes. */
const ipv6Within = (first: number, prefix: number): fc.Arbitrary<string> =>
  fc.tuple(ipv6Groups, fc.boolean(), fc.boolean()).map(([parts, isPadded, isUpper]) => {
    const mask = (0xffff << (16 - prefix)) & 0xffff
    const all = [(first & mask) | ((parts[0] ?? 0) & ~mask & 0xffff), ...parts.slice(1)]
    const text = all.map((part) => part.toString(16).padStart(isPadded ? 4 : 1, "0")).join(":")
    return isUpper ? text.toUpperCase() : text
  })

describe("an address", () => {
  const verdicts: ReadonlyArray<readonly [string, TargetGuard.Refusal | null, TargetGuard.Refusal | null]> = [
    // address, by the public policy, by that of an own machine
    ["93.184.216.34", null, null],
    ["2606:4700::1111", null, null],
    ["::ffff:93.184.216.34", null, null],
    ["64:ff9b::5db8:d822", null, null],
    ["127.0.0.1", "private", null],
    ["::1", "private", null],
    ["192.168.1.1", "private", null],
    ["100.64.0.1", "private", null],
    ["fd12:3456::1", "private", null],
    ["::ffff:10.0.0.1", "private", null],
    ["192.0.2.1", "private", "private"],
    ["2001:db8::1", "private", "private"],
    ["4000::1", "private", "private"],
    ["fec0::1", "private", "private"],
    ["0.0.0.0", "never", "never"],
    ["::", "never", "never"],
    ["255.255.255.255", "never", "never"],
    ["224.0.0.251", "never", "never"],
    ["ff02::1", "never", "never"],
    ["169.254.169.254", "never", "never"],
    ["::ffff:169.254.169.254", "never", "never"],
    ["64:ff9b::a9fe:a9fe", "never", "never"],
    ["fe80::1", "never", "never"],
    ["fe80::1%eth0", "never", "never"],
    ["fd00:ec2::254", "never", "never"],
    ["fd20:ce::254", "never", "never"],
    ["168.63.129.16", "never", "never"],
    ["100.100.100.200", "never", "never"],
    ["127.1", "never", "never"],
    ["example.com", "never", "never"],
    ["", "never", "never"],
  ]
  for (const [address, byPublic, byOwn] of verdicts) {
    it(`${address || "(nothing)"} is ${byPublic ?? "dialled"}, on an own machine ${byOwn ?? "dialled"}`, () => {
      assert.strictEqual(TargetGuard.checkAddress(TargetGuard.publicOnly, address), byPublic)
      assert.strictEqual(TargetGuard.checkAddress(policy({ allowPrivate: true }), address), byOwn)
    })
  }

  it("is allowed by block, refused by the operator's list before that, and never when it is a metadata service", () => {
    const by = policy({ allow: "10.1.0.0/16, fd12::/16", deny: "10.1.2.0/24, 93.184.216.34" })
    assert.strictEqual(TargetGuard.checkAddress(by, "10.1.1.1"), null)
    assert.strictEqual(TargetGuard.checkAddress(by, "fd12::1"), null)
    assert.strictEqual(TargetGuard.checkAddress(by, "10.2.1.1"), "private")
    assert.strictEqual(TargetGuard.checkAddress(by, "10.1.2.3"), "denied")
    assert.strictEqual(TargetGuard.checkAddress(by, "::ffff:10.1.2.3"), "denied")
    assert.strictEqual(TargetGuard.checkAddress(by, "93.184.216.34"), "denied")
    assert.strictEqual(TargetGuard.checkAddress(everything, "203.0.113.7"), null)
  })

  it("in a private block is refused in every form that a URL can write it", () => {
    fc.assert(
      fc.property(privateIpv4.chain(ipv4Form), (host) => {
        assert.strictEqual(checkUrl(TargetGuard.publicOnly, `http://${host}/`), "private", host)
      }),
      { numRuns: 1_000 },
    )
  })

  it("is refused under every policy, in every form, when it is no host that can be checked", () => {
    fc.assert(
      fc.property(neverIpv4.chain(ipv4Form), (host) => {
        assert.strictEqual(checkUrl(everything, `http://${host}/`), "never", host)
      }),
      { numRuns: 1_000 },
    )
  })

  it("hidden in IPv6 is refused in every form", () => {
    fc.assert(
      fc.property(privateIpv4.chain(embedded), (address) => {
        assert.notStrictEqual(checkUrl(TargetGuard.publicOnly, `http://[${address}]/`), null, address)
        assert.notStrictEqual(TargetGuard.checkAddress(TargetGuard.publicOnly, address), null, address)
      }),
      { numRuns: 1_000 },
    )
    fc.assert(
      fc.property(neverIpv4.chain(embedded), (address) => {
        if (address === "::0:1" || address === "::0.0.0.1") return
        assert.strictEqual(checkUrl(everything, `http://[${address}]/`), "never", address)
        assert.strictEqual(TargetGuard.checkAddress(everything, address), "never", address)
      }),
      { numRuns: 1_000 },
    )
  })

  it("of an IPv6 block that is not public is refused however it is written", () => {
    const unique = ipv6Within(0xfc00, 7)
    const outside = fc.oneof(ipv6Within(0x4000, 2), ipv6Within(0x8000, 1), ipv6Within(0x0000, 3), unique)
    fc.assert(
      fc.property(outside, (address) => {
        assert.notStrictEqual(checkUrl(TargetGuard.publicOnly, `http://[${address}]/`), null, address)
      }),
      { numRuns: 1_000 },
    )
    fc.assert(
      fc.property(fc.oneof(ipv6Within(0xfe80, 10), ipv6Within(0xff00, 8), ipv6Within(0x2002, 16)), (address) => {
        assert.strictEqual(checkUrl(everything, `http://[${address}]/`), "never", address)
      }),
      { numRuns: 500 },
    )
  })
})

describe("a name", () => {
  it("of loopback counts as loopback, any other waits for its addresses", () => {
    for (const host of ["localhost", "LOCALHOST", "localhost.", "api.localhost", "a.b.localhost.", "ｌocalhost"]) {
      assert.strictEqual(checkUrl(TargetGuard.publicOnly, `http://${host}:3000/`), "private", host)
      assert.strictEqual(checkUrl(policy({ allowPrivate: true }), `http://${host}:3000/`), null, host)
    }
    for (const host of ["example.com", "localhost.example.com", "notlocalhost", "127.0.0.1.nip.io"]) {
      assert.strictEqual(checkUrl(TargetGuard.publicOnly, `http://${host}/`), null, host)
    }
  })
})

describe("the policy from configuration", () => {
  const read = (entries: Record<string, string>) =>
    TargetGuard.policyConfig(false).pipe(
      Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(entries)))),
    )

  it.effect("allows public addresses only when nothing is said", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* read({}), TargetGuard.publicOnly)
    }),
  )

  it.effect("reads both lists, in which an address alone is a block of one", () =>
    Effect.gen(function* () {
      const by = yield* read({
        PROBE_ALLOW_CIDRS: " 10.0.0.0/8 ,192.168.7.7,, fd12::/16 ",
        PROBE_DENY_CIDRS: "10.9.0.0/16",
      })
      assert.strictEqual(TargetGuard.checkAddress(by, "10.1.1.1"), null)
      assert.strictEqual(TargetGuard.checkAddress(by, "192.168.7.7"), null)
      assert.strictEqual(TargetGuard.checkAddress(by, "192.168.7.8"), "private")
      assert.strictEqual(TargetGuard.checkAddress(by, "fd12::9"), null)
      assert.strictEqual(TargetGuard.checkAddress(by, "10.9.1.1"), "denied")
    }),
  )

  it.effect.each(["10.0.0.0/33", "fd12::/129", "10.0.0/8", "ten", "10.0.0.0/8;11.0.0.0/8", "10.0.0.0/-1", "10.0.0.0/"])(
    "says in one line what is wrong with %s",
    (text) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(read({ PROBE_ALLOW_CIDRS: `10.0.0.0/8,${text}` }))
        assert.include(String(error), "PROBE_ALLOW_CIDRS")
        assert.include(String(error), "is not an address block")
        assert.notInclude(String(error), "\n")
      }),
  )

  it("takes every block it can be given and matches what lies in it", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, bits) => {
        const cidrs = Either.getOrThrow(TargetGuard.parseCidrs(`${address}/${bits}`))
        const never = TargetGuard.checkAddress(everything, address) === "never"
        assert.strictEqual(
          TargetGuard.checkAddress({ ...TargetGuard.publicOnly, allowCidrs: cidrs }, address),
          never ? "never" : null,
        )
      }),
    )
  })
})
