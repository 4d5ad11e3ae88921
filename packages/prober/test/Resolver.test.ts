import { mkdtemp, rename, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { followHosts, parseHosts } from "@uptime/prober/HostsFile"
import { knownAddresses, Resolver } from "@uptime/prober/Resolver"
import { type AskSystem, ipv4First, maxSystemLookups, systemLookup } from "@uptime/prober/SystemLookup"
import { Effect, Exit, Fiber, FastCheck as fc, TestClock } from "effect"

const hosts = parseHosts(
  "# this machine\n127.0.0.1\tlocalhost vm\n::1 localhost\n\n 192.0.2.7  NAS nas.lan # the box\n2001:db8::7 nas\n0.0.0.0 ads.example\nnonsense\nx y",
)

describe("a hosts file", () => {
  it("gives names their addresses, in the order of its lines", () => {
    assert.deepStrictEqual(hosts.get("vm"), ["127.0.0.1"])
    assert.deepStrictEqual(hosts.get("nas"), ["192.0.2.7", "2001:db8::7"])
    assert.deepStrictEqual(hosts.get("nas.lan"), ["192.0.2.7"])
    assert.isFalse(hosts.has("the"))
    assert.isFalse(hosts.has("nonsense"))
  })

  it("may hold anything", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, name) => {
        for (const address of knownAddresses(name, parseHosts(text)) ?? []) assert.match(address, /^[0-9a-f.:%]+/i)
      }),
    )
  })

  it.scoped("is read again within ten seconds of a change, and what was known stays when it is gone", () =>
    Effect.gen(function* () {
      const folder = yield* Effect.acquireRelease(
        Effect.promise(() => mkdtemp(join(tmpdir(), "hosts-"))),
        (path) => Effect.promise(() => rm(path, { recursive: true })),
      )
      const file = join(folder, "hosts")
      const put = (text: string) =>
        Effect.promise(async () => {
          await writeFile(`${file}.new`, text)
          await rename(`${file}.new`, file)
        })
      yield* put("192.0.2.1 nas\n")
      const table = yield* followHosts(file)
      assert.deepStrictEqual(table().get("nas"), ["192.0.2.1"])

      const becomes = (address: string) =>
        Effect.gen(function* () {
          yield* TestClock.adjust("10 seconds")
          yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 2)))
          return table().get("nas")?.[0] === address
        }).pipe(
          Effect.repeat({ until: (isThere) => isThere, times: 500 }),
          Effect.tap((isThere) => assert.isTrue(isThere)),
        )
      yield* put("192.0.2.20 nas\n")
      yield* becomes("192.0.2.20")
      yield* Effect.promise(() => rm(file))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(table().get("nas"), ["192.0.2.20"])
      yield* put("192.0.2.3 nas\n")
      yield* becomes("192.0.2.3")
    }),
  )

  it.scoped("need not be there", () =>
    Effect.gen(function* () {
      const table = yield* followHosts(join(tmpdir(), "there-is-no-such-file"))
      assert.strictEqual(table().size, 0)
    }),
  )
})

describe("a name that needs no lookup", () => {
  it("is localhost, whatever the file says, or one in the file", () => {
    const hostile = parseHosts("192.0.2.66 localhost api.localhost\n192.0.2.1 nas.lan")
    for (const name of ["localhost", "api.localhost", "localhost."]) {
      assert.deepStrictEqual(knownAddresses(name, hostile), ["127.0.0.1", "::1"])
    }
    assert.deepStrictEqual(knownAddresses("nas.lan.", hostile), ["192.0.2.1"])
    assert.isNull(knownAddresses("example.com", hostile))
    assert.isNull(knownAddresses("y", hosts))
  })

  it.scopedLive("is answered by the resolver itself", () =>
    Effect.gen(function* () {
      const resolver = yield* Resolver
      assert.deepStrictEqual(yield* resolver.resolve("api.localhost", 1_000), ["127.0.0.1", "::1"])
    }).pipe(Effect.provide(Resolver.layer)),
  )
})

describe("a lookup by the operating system", () => {
  it.live("gives IPv4 first, tells a missing name from a failure, and never waits too long", () =>
    Effect.gen(function* () {
      const ask: AskSystem = (name, onAnswer) => {
        if (name === "nas") {
          onAnswer(null, [
            { address: "fd12::1", family: 6 },
            { address: "192.0.2.1", family: 4 },
          ])
        } else if (name !== "hung") onAnswer(Object.assign(new Error(name), { code: name }), [])
      }
      const lookup = yield* systemLookup(ask)
      assert.deepStrictEqual(yield* lookup("nas", 1_000), ["192.0.2.1", "fd12::1"])
      assert.strictEqual((yield* Effect.flip(lookup("ENOTFOUND", 1_000))).reason, "notFound")
      assert.strictEqual((yield* Effect.flip(lookup("EAI_AGAIN", 1_000))).reason, "unavailable")
      assert.strictEqual((yield* Effect.flip(lookup("hung", 30))).reason, "unavailable")
    }),
  )

  it.live("occupies two threads at most, and keeps one that nobody waits for any more", () =>
    Effect.gen(function* () {
      const running: Array<() => void> = []
      const lookup = yield* systemLookup((_, onAnswer) => {
        running.push(() => onAnswer(null, [{ address: "192.0.2.1", family: 4 }]))
      })
      const given = yield* Effect.forEach([1, 2, 3, 4, 5], () => Effect.exit(lookup("hung", 40)), {
        concurrency: "unbounded",
      })
      assert.isTrue(given.every(Exit.isFailure))
      assert.lengthOf(running, maxSystemLookups)
      const next = yield* Effect.fork(lookup("nas", 5_000))
      yield* Effect.yieldNow()
      assert.lengthOf(running, maxSystemLookups)
      running[0]?.()
      yield* Effect.yieldNow().pipe(Effect.repeat({ until: () => running.length > maxSystemLookups, times: 10_000 }))
      running[2]?.()
      assert.deepStrictEqual(yield* Fiber.join(next), ["192.0.2.1"])
    }),
  )

  it("puts every IPv4 address before every IPv6 one, and loses none of up to sixteen", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 16 }), (addresses) => {
        const ordered = ipv4First(addresses)
        assert.sameMembers([...ordered], addresses)
        const first = ordered.findIndex((address) => address.includes(":"))
        assert.isTrue(first < 0 || ordered.slice(first).every((address) => address.includes(":")))
      }),
    )
  })
})
