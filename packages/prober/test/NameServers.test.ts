import { assert, describe, it } from "@effect/vitest"
import { nameServers } from "@uptime/prober/NameServers"
import { type DnsServer, dnsServer, type Reply } from "@uptime/testing/DnsServer"
import { Duration, Effect, type Scope } from "effect"

/** Every name that no test asks for does not exist: so the server answers the question that proves it alive. */
const zone =
  (names: Readonly<Record<string, Reply | ((type: string) => Reply)>>, other: Reply = "nxdomain") =>
  (name: string, type: string): Reply => {
    const reply = names[name] ?? other
    return typeof reply === "function" ? reply(type) : reply
  }

const asking = (server: DnsServer) => nameServers({ servers: [server.address], queryTimeoutMs: 150 })

/** The addresses, or the reason that there are none, and that it was told in time. */
const lookup = (names: ReturnType<typeof nameServers>, name: string, withinMs = 2_000) =>
  Effect.gen(function* () {
    const [took, answer] = yield* names.resolve(name, withinMs).pipe(
      Effect.catchAll((error) => Effect.succeed(error.reason)),
      Effect.timed,
    )
    assert.isBelow(Duration.toMillis(took), withinMs + 200)
    return answer
  })

const test = (
  title: string,
  reply: (name: string, type: string) => Reply,
  body: (server: DnsServer) => Effect.Effect<void, unknown, Scope.Scope>,
) => it.scopedLive(title, () => Effect.flatMap(dnsServer(reply), body))

describe("a name that is asked of the name servers", () => {
  test(
    "has its addresses of both families, IPv4 first",
    zone({ "site.test": { a: ["192.0.2.1", "192.0.2.2"], aaaa: ["2001:db8::1"] } }),
    (server) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* lookup(asking(server), "site.test"), ["192.0.2.1", "192.0.2.2", "2001:db8::1"])
        assert.sameMembers([...server.questions()], ["site.test A", "site.test AAAA"])
      }),
  )

  test(
    "has those of one family when the other has none, or fails",
    (name, type) => (type === "A" ? { a: ["192.0.2.1"] } : name === "half.test" ? "servfail" : {}),
    (server) =>
      Effect.gen(function* () {
        const names = asking(server)
        assert.deepStrictEqual(yield* lookup(names, "site.test"), ["192.0.2.1"])
        assert.deepStrictEqual(yield* lookup(names, "half.test"), ["192.0.2.1"])
      }),
  )

  test(
    "does not wait for a family of which nothing is heard",
    zone({ "site.test": (type) => (type === "A" ? { a: ["192.0.2.1"] } : "silence") }),
    (server) =>
      Effect.gen(function* () {
        const [took, answer] = yield* Effect.timed(lookup(asking(server), "site.test"))
        assert.deepStrictEqual(answer, ["192.0.2.1"])
        assert.isBelow(Duration.toMillis(took), 140)
      }),
  )

  test("may be an alias", zone({ "www.test": { cname: "site.test", a: ["192.0.2.1"] } }), (server) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* lookup(asking(server), "www.test"), ["192.0.2.1"])
    }),
  )

  test("is asked for each time: nothing is cached", zone({ "site.test": { a: ["192.0.2.1"] } }), (server) =>
    Effect.gen(function* () {
      const names = asking(server)
      yield* lookup(names, "site.test")
      yield* lookup(names, "site.test")
      assert.lengthOf(server.questions(), 4)
    }),
  )

  const many = Array.from({ length: 20 }, (_, i) => `192.0.2.${i}`)
  test("has sixteen addresses at most", zone({ "site.test": { a: many, aaaa: ["2001:db8::1"] } }), (server) =>
    Effect.gen(function* () {
      assert.lengthOf(yield* lookup(asking(server), "site.test"), 16)
    }),
  )

  test("that does not exist, or has no address, is told apart", zone({ "empty.test": {} }), (server) =>
    Effect.gen(function* () {
      const names = asking(server)
      assert.strictEqual(yield* lookup(names, "nowhere.test"), "notFound")
      assert.strictEqual(yield* lookup(names, "empty.test"), "noAddress")
      assert.strictEqual(yield* lookup(names, `${"x".repeat(64)}.test`), "malformed")
    }),
  )

  for (const reply of ["servfail", "refused", "silence"] as const) {
    test(
      `to which the answer is ${reply} has failed when others are answered`,
      zone({ "site.test": reply }),
      (server) =>
        Effect.gen(function* () {
          assert.strictEqual(yield* lookup(asking(server), "site.test"), "failed")
        }),
    )

    test(`to which the answer is ${reply} says nothing when all are answered so`, zone({}, reply), (server) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* lookup(asking(server), "site.test"), "unavailable")
      }),
    )
  }

  test(
    "that is answered by none in time is given up, by whose fault is known then",
    (name) => (name === "site.test" ? "silence" : "nxdomain"),
    (server) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* lookup(asking(server), "site.test", 120), "timeout")
      }),
  )

  test(
    "that is answered by none in time says nothing when no other is answered either",
    () => "silence",
    (server) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* lookup(asking(server), "site.test", 120), "unavailable")
      }),
  )

  test("is not misled by bytes that are no answer", zone({ "site.test": "garbage" }), (server) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* lookup(asking(server), "site.test"), "failed")
    }),
  )

  it.scopedLive("says nothing when the name server is gone", () =>
    Effect.gen(function* () {
      const gone = yield* Effect.scoped(dnsServer(() => "silence"))
      assert.strictEqual(yield* lookup(asking(gone), "site.test"), "unavailable")
    }),
  )

  test(
    "asks one question, whose answer nobody has cached, to find out for all that fail at once",
    zone({}, "servfail"),
    (server) =>
      Effect.gen(function* () {
        const names = asking(server)
        const failed = yield* Effect.forEach(
          Array.from({ length: 50 }, (_, i) => `n${i}.test`),
          (name) => lookup(names, name),
          {
            concurrency: "unbounded",
          },
        )
        assert.deepStrictEqual([...new Set(failed)], ["unavailable"])
        const proofs = new Set(server.questions().filter((question) => !question.includes(".test ")))
        assert.strictEqual(proofs.size, 1)
      }),
  )
})
