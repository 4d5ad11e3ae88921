import { createSocket } from "node:dgram"
import { assert, describe, it } from "@effect/vitest"
import type { ErrorKind } from "@uptime/domain/CheckError"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { dnsProbe } from "@uptime/prober/DnsProbe"
import { type NameServer, parseNameServer } from "@uptime/prober/NameServer"
import { ResolveError } from "@uptime/prober/ResolveError"
import { Resolver } from "@uptime/prober/Resolver"
import { publicOnly } from "@uptime/prober/TargetGuard"
import { eventually } from "@uptime/testing/Eventually"
import type { Answer } from "dns-packet"
import { Duration, Effect, Fiber, Layer } from "effect"
import { type Asked, answer, type NameServerFixture, nameServer, type Said } from "./NameServerFixture.ts"
import { probeServices, type ServicesOptions } from "./ProbeServicesFixture.ts"
import { verdict } from "./TestProber.ts"

const name = "site.test"
const a = (data: string, owner = name): Answer => ({ name: owner, type: "A", data })
const addresses = { answers: [a("192.0.2.1"), a("192.0.2.2")] }

const check = (
  dns: CheckSpec["dns"],
  { timeoutMs = 5_000, ...services }: ServicesOptions & { readonly timeoutMs?: number } = {},
  own: ReadonlyArray<NameServer> = [],
  more: Partial<CheckSpec> = {},
) =>
  Effect.flatMap(probeServices(services), (given) =>
    dnsProbe(
      given,
      { kind: "dns", url: `dns://${name}`, timeoutMs, ...(dns === undefined ? {} : { dns }), ...more },
      () => own,
    ),
  )

/** A check of what a server says that is the check's own choice. */
const checkOf = (
  say: (asked: Asked) => Said | ReadonlyArray<Said>,
  dns: CheckSpec["dns"] = {},
  timeoutMs = 5_000,
  more: Partial<CheckSpec> = {},
) =>
  Effect.flatMap(nameServer(say), (server) =>
    Effect.map(check({ resolver: server.address, ...dns }, { timeoutMs }, [], more), (outcome) => ({
      outcome,
      server,
    })),
  )

const up = { status: "Up", httpStatus: null, kind: null, message: null } as const
const down = (message: string, kind: ErrorKind = "protocol") =>
  ({ status: "Down", httpStatus: null, kind, message }) as const

describe("a DNS check", () => {
  it.scopedLive("is Up with an answer, and measures how long it took", () =>
    Effect.gen(function* () {
      const { outcome, server } = yield* checkOf(() => addresses)
      assert.deepStrictEqual(verdict(outcome), up)
      assert.isNotNull(outcome.responseTimeMs)
      assert.isNotNull(outcome.phases.firstByte)
      assert.isNull(outcome.phases.dns)
      const [asked] = server.asked()
      assert.deepStrictEqual(asked?.query.questions, [{ name, type: "A", class: "IN" }])
      assert.isTrue(asked?.query.flag_rd)
    }),
  )

  const expectations = [
    ["any", ["192.0.2.9", "192.0.2.2"], null],
    ["any", ["192.0.2.9"], "none of the expected records is in the answer"],
    ["all", ["192.0.2.2"], null],
    ["all", ["192.0.2.2", "192.0.2.9"], "an expected record is not in the answer"],
    ["exactly", ["192.0.2.2", "192.0.2.1"], null],
    ["exactly", ["192.0.2.2"], "the records of the answer are not exactly those expected"],
  ] as const
  for (const [match, records, message] of expectations) {
    it.scopedLive(
      `is ${message === null ? "Up" : "Down"} when of two addresses it expects ${match} of ${records.join()}`,
      () =>
        Effect.gen(function* () {
          const { outcome } = yield* checkOf(() => addresses, { expect: { match, records: [...records] } })
          assert.deepStrictEqual(verdict(outcome), message === null ? up : down(message))
          if (message !== null) assert.strictEqual(outcome.evidence?.body, "192.0.2.1\n192.0.2.2")
        }),
    )
  }

  it.scopedLive("asks for any type, and for the reverse of an address", () =>
    Effect.gen(function* () {
      const mail: Said = { answers: [{ name, type: "MX", data: { preference: 10, exchange: "mail.test" } }] }
      const { outcome } = yield* checkOf(() => mail, {
        type: "MX",
        expect: { match: "exactly", records: ["10 Mail.test."] },
      })
      assert.deepStrictEqual(verdict(outcome), up)
      const reverse = yield* checkOf(
        ({ query }) => ({ answers: [{ name: query.questions?.[0]?.name ?? "", type: "PTR", data: "host.test" }] }),
        { type: "PTR", expect: { match: "all", records: ["host.test"] } },
        5_000,
        { url: "dns://192.0.2.10" },
      )
      assert.deepStrictEqual(verdict(reverse.outcome), up)
      assert.strictEqual(reverse.server.asked()[0]?.query.questions?.[0]?.name, "10.2.0.192.in-addr.arpa")
    }),
  )

  it.scopedLive("is Down with another response code than the one it expects", () =>
    Effect.gen(function* () {
      const missing = yield* checkOf(() => ({ rcode: 3 }))
      assert.deepStrictEqual(verdict(missing.outcome), down("the name server answered NXDOMAIN, not NOERROR"))
      assert.strictEqual(missing.outcome.evidence?.address, "127.0.0.1")
      const there = yield* checkOf(() => addresses, { rcode: "NXDOMAIN" })
      assert.deepStrictEqual(verdict(there.outcome), down("the name server answered NOERROR, not NXDOMAIN"))
      const refused = yield* checkOf(() => ({ rcode: 5 }), { rcode: "REFUSED" })
      assert.deepStrictEqual(verdict(refused.outcome), up)
    }),
  )

  it.scopedLive("is Down without a record, unless a condition says what that means", () =>
    Effect.gen(function* () {
      const { outcome } = yield* checkOf(() => ({ answers: [] }))
      assert.deepStrictEqual(verdict(outcome), down("the name has no A record"))
      const conditions = [{ condition: "[DNS_RCODE] == NOERROR", severity: "Down" as const }]
      const judged = yield* checkOf(() => ({ answers: [] }), {}, 5_000, { conditions })
      assert.deepStrictEqual(verdict(judged.outcome), up)
    }),
  )

  it.scopedLive("leaves the response code to a condition on it", () =>
    Effect.gen(function* () {
      const conditions = [{ condition: "[DNS_RCODE] == NXDOMAIN", severity: "Down" as const }]
      const { outcome } = yield* checkOf(() => ({ rcode: 3 }), {}, 5_000, { conditions })
      assert.deepStrictEqual(verdict(outcome), up)
    }),
  )

  it.live("is Down for a name that cannot be asked for", () =>
    Effect.gen(function* () {
      const outcome = yield* check({ resolver: "127.0.0.1" }, {}, [], { url: `dns://${"a".repeat(64)}.test` })
      assert.deepStrictEqual(verdict(outcome), down("the name cannot be looked up", "dns"))
    }),
  )
})

describe("a name server", () => {
  it.scopedLive("is asked over TCP for what does not fit", () =>
    Effect.gen(function* () {
      const many = Array.from({ length: 200 }, (_, i) => `192.0.2.${i}`)
      const { outcome, server } = yield* checkOf(
        ({ via }) => (via === "udp" ? { isTruncated: true } : { answers: many.map((data) => a(data)) }),
        { expect: { match: "exactly", records: many } },
      )
      assert.deepStrictEqual(verdict(outcome), up)
      assert.deepStrictEqual(
        server.asked().map(({ via }) => via),
        ["udp", "tcp"],
      )
      assert.isNotNull(outcome.phases.connect)
      assert.isNotNull(outcome.phases.transfer)
      yield* eventually(
        Effect.sync(() => server.open.size),
        (open) => open === 0,
        "2 seconds",
      )
    }),
  )

  it.scopedLive("is asked over TCP at once when the check says so", () =>
    Effect.gen(function* () {
      const { outcome, server } = yield* checkOf(() => addresses, { protocol: "tcp" })
      assert.deepStrictEqual(verdict(outcome), up)
      assert.deepStrictEqual(
        server.asked().map(({ via }) => via),
        ["tcp"],
      )
    }),
  )

  it.scopedLive("is asked again when the question or the answer was lost", () =>
    Effect.gen(function* () {
      const { outcome, server } = yield* checkOf(({ time }) => (time === 0 ? "silence" : addresses))
      assert.deepStrictEqual(verdict(outcome), up)
      assert.strictEqual(server.asked().length, 2)
    }),
  )

  it.scopedLive("is asked without EDNS when it does not know that", () =>
    Effect.gen(function* () {
      for (const rcode of [1, 4]) {
        const { outcome, server } = yield* checkOf(({ query }) =>
          query.additionals?.length === 0 ? addresses : { rcode, hasEdns: false },
        )
        assert.deepStrictEqual(verdict(outcome), up)
        assert.strictEqual(server.asked().length, 2)
      }
    }),
  )

  it.scopedLive("alone is believed: what another one sends, or what answers another question, is not", () =>
    Effect.gen(function* () {
      const forged = { answers: [a("203.0.113.66")] }
      const { outcome } = yield* checkOf(
        ({ forge, query }) => {
          forge(answer(query, forged))
          const other = { ...forged, name: "other.test" }
          return [{ ...forged, id: ((query.id ?? 0) + 1) % 65_536 }, other, { bytes: Buffer.from("noise") }, addresses]
        },
        { expect: { match: "exactly", records: ["192.0.2.1", "192.0.2.2"] } },
      )
      assert.deepStrictEqual(verdict(outcome), up)
    }),
  )

  it.scopedLive("of the check's choice is Down when nothing listens there", () =>
    Effect.gen(function* () {
      const gone = yield* Effect.scoped(nameServer(() => "silence"))
      for (const protocol of ["udp", "tcp"] as const) {
        const outcome = yield* check({ resolver: gone.address, protocol })
        assert.deepStrictEqual(verdict(outcome), down("connection refused", "connect"))
      }
    }),
  )

  for (const [what, protocol, said] of [
    ["says nothing over UDP", "udp", "silence"],
    ["says nothing over TCP", "tcp", "silence"],
    ["says half of its answer", "tcp", { raw: Buffer.from([0xff, 0xff, 1, 2, 3]) }],
    ["says nonsense over UDP", "udp", { bytes: Buffer.alloc(500, 0xff) }],
  ] as const) {
    it.scopedLive(`of the check's choice is Down at the deadline when it ${what}`, () =>
      Effect.gen(function* () {
        const [took, { outcome, server }] = yield* Effect.timed(checkOf(() => said, { protocol }, 400))
        assert.deepInclude(verdict(outcome), { status: "Down", kind: "timeout" })
        assert.isNull(outcome.responseTimeMs)
        assert.isBelow(Duration.toMillis(took), 900)
        yield* eventually(
          Effect.sync(() => server.open.size),
          (open) => open === 0,
          "2 seconds",
        )
      }),
    )
  }

  const unreadable = down("the name server's answer cannot be read")
  const wrongAnswers: ReadonlyArray<{
    readonly what: string
    readonly protocol: "udp" | "tcp"
    readonly say: (asked: Asked) => Said | ReadonlyArray<Said>
    readonly expected: ReturnType<typeof down>
  }> = [
    {
      what: "hangs up",
      protocol: "tcp",
      say: () => "close",
      expected: down("connection closed before an answer", "connect"),
    },
    {
      what: "hangs up in its answer",
      protocol: "tcp",
      say: () => [{ raw: Buffer.from([0, 50, 1]) }, "close"],
      expected: down("the name server closed the connection before it had answered"),
    },
    { what: "says nonsense", protocol: "tcp", say: () => ({ bytes: Buffer.alloc(500, 0xff) }), expected: unreadable },
    { what: "answers another question", protocol: "tcp", say: () => ({ name: "other.test" }), expected: unreadable },
    {
      what: "breaks off a record",
      protocol: "udp",
      say: ({ query }) => ({ bytes: answer(query, addresses).subarray(0, 50) }),
      expected: unreadable,
    },
    {
      what: "announces more records than a message holds",
      protocol: "udp",
      say: ({ query }) => {
        const bytes = answer(query, {})
        bytes.writeUInt16BE(65_535, 6)
        return { bytes }
      },
      expected: unreadable,
    },
  ]
  for (const { expected, protocol, say, what } of wrongAnswers) {
    it.scopedLive(`is Down when it ${what}`, () =>
      Effect.gen(function* () {
        const { outcome } = yield* checkOf(say, { protocol })
        assert.deepStrictEqual(verdict(outcome), expected)
      }),
    )
  }

  it.scopedLive("cannot put into a result what no database takes, nor a line of its own", () =>
    Effect.gen(function* () {
      const data = [Buffer.from("a\u0000b\nc"), Buffer.from([0xed, 0xa0, 0x80])]
      const { outcome } = yield* checkOf(() => ({ answers: [{ name, type: "TXT", data }] }), {
        type: "TXT",
        expect: { match: "all", records: ["x"] },
      })
      const body = outcome.evidence?.body ?? ""
      assert.match(body, /^a\\000b\\010c/)
      assert.isTrue(body.isWellFormed())
    }),
  )

  it.scopedLive("may fill a whole message", () =>
    Effect.gen(function* () {
      const filler = Array.from({ length: 250 }, () => Buffer.alloc(255, "x"))
      const { outcome } = yield* checkOf(() => ({ answers: [{ name, type: "TXT", data: filler }] }), {
        type: "TXT",
        protocol: "tcp",
      })
      assert.deepStrictEqual(verdict(outcome), up)
    }),
  )

  it.scopedLive("is let go of when the check is interrupted", () =>
    Effect.gen(function* () {
      const server = yield* nameServer(() => "silence")
      for (const protocol of ["udp", "tcp"] as const) {
        const fiber = yield* Effect.fork(check({ resolver: server.address, protocol }, { timeoutMs: 60_000 }))
        const [asked] = yield* eventually(
          Effect.sync(() => server.asked().filter(({ via }) => via === protocol)),
          (asked) => asked.length > 0,
          "5 seconds",
        )
        assert.isFalse(protocol === "udp" && (yield* isFree(asked?.port ?? 0)))
        yield* Fiber.interrupt(fiber)
        if (protocol === "udp") yield* eventually(isFree(asked?.port ?? 0), (free) => free, "2 seconds")
        yield* eventually(
          Effect.sync(() => server.open.size),
          (open) => open === 0,
          "2 seconds",
        )
      }
    }),
  )

  it.scopedLive("at an address that policy refuses is not asked, unless this machine asks it anyway", () =>
    Effect.gen(function* () {
      const server = yield* nameServer(() => addresses)
      const refused = yield* check({ resolver: server.address }, { policy: publicOnly })
      assert.deepInclude(verdict(refused), { status: "Unknown", kind: "blocked" })
      assert.strictEqual(server.asked().length, 0)
      const metadata = yield* check({ resolver: "169.254.169.254" })
      assert.deepInclude(verdict(metadata), { status: "Unknown", kind: "blocked" })
      const own = yield* check({ resolver: server.address }, { policy: publicOnly }, addressesOf(server))
      assert.deepStrictEqual(verdict(own), up)
    }),
  )
})

/** Whether no UDP socket has the port. */
const isFree = (port: number): Effect.Effect<boolean> =>
  Effect.async((resume) => {
    const socket = createSocket("udp4")
    socket.once("error", () => resume(Effect.succeed(false)))
    socket.bind(port, () => socket.close(() => resume(Effect.succeed(true))))
  })

const addressesOf = (...servers: ReadonlyArray<NameServerFixture>): ReadonlyArray<NameServer> =>
  servers.flatMap(({ address }) => parseNameServer(address) ?? [])

/** This machine's look-ups, of which it only matters whether they work. */
const lookups = (reason: ResolveError["reason"]): Layer.Layer<Resolver> =>
  Layer.succeed(Resolver, Resolver.of({ resolve: () => new ResolveError({ reason }) }))
const work = lookups("notFound")
const areDead = lookups("unavailable")

describe("this machine's own name servers", () => {
  it.scopedLive("are asked unless the check chooses one, whatever the policy", () =>
    Effect.gen(function* () {
      const server = yield* nameServer(() => addresses)
      const outcome = yield* check({}, { policy: publicOnly }, addressesOf(server))
      assert.deepStrictEqual(verdict(outcome), up)
    }),
  )

  it.scopedLive("take turns when one is silent, fails or is gone", () =>
    Effect.gen(function* () {
      const good = yield* nameServer(() => addresses)
      const silent = yield* nameServer(() => "silence")
      const failing = yield* nameServer(() => ({ rcode: 2 }))
      const gone = yield* Effect.scoped(nameServer(() => "silence"))
      for (const bad of [silent, failing, gone]) {
        const outcome = yield* check({}, { timeoutMs: 1_500 }, addressesOf(bad, good))
        assert.deepStrictEqual(verdict(outcome), up)
      }
    }),
  )

  it.scopedLive("that cannot answer, while they answer others, mean that the name's own servers fail", () =>
    Effect.gen(function* () {
      const failing = yield* nameServer(() => ({ rcode: 2 }))
      const outcome = yield* check({}, { resolver: work }, addressesOf(failing))
      assert.deepStrictEqual(verdict(outcome), down("the name server answered SERVFAIL, not NOERROR"))
      // Where a check of this machine's name servers goes is nobody's business outside.
      assert.isNull(outcome.evidence?.address)
      const silent = yield* nameServer(() => "silence")
      const timedOut = yield* check({}, { resolver: work, timeoutMs: 400 }, addressesOf(silent))
      assert.deepInclude(verdict(timedOut), { status: "Down", kind: "timeout" })
    }),
  )

  it.scopedLive("that answer nothing at all are a fault of ours", () =>
    Effect.gen(function* () {
      const unknown: ReturnType<typeof verdict> = {
        status: "Unknown",
        httpStatus: null,
        kind: "internal",
        message: "the checker's name servers do not answer",
      }
      const failing = yield* nameServer(() => ({ rcode: 2 }))
      const silent = yield* nameServer(() => "silence")
      const gone = yield* Effect.scoped(nameServer(() => "silence"))
      for (const server of [failing, silent, gone]) {
        const outcome = yield* check({}, { resolver: areDead, timeoutMs: 400 }, addressesOf(server))
        assert.deepStrictEqual(verdict(outcome), unknown)
      }
      assert.deepStrictEqual(verdict(yield* check({}, { resolver: areDead })), unknown)
    }),
  )

  it.scopedLive("that fail are Up for who expects it, without further questions", () =>
    Effect.gen(function* () {
      const failing = yield* nameServer(() => ({ rcode: 2 }))
      const outcome = yield* check({ rcode: "SERVFAIL" }, { resolver: areDead }, addressesOf(failing))
      assert.deepStrictEqual(verdict(outcome), up)
      assert.strictEqual(failing.asked().length, 1)
    }),
  )

  it.scopedLive("are not blamed on the target while this process stood still", () =>
    Effect.gen(function* () {
      const server = yield* nameServer(() => ({ rcode: 3 }))
      const outcome = yield* check({}, { isBusy: true }, addressesOf(server))
      assert.deepInclude(verdict(outcome), { status: "Unknown", kind: "internal" })
    }),
  )
})
