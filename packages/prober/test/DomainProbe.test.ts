import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { makeDomainProbe } from "@uptime/prober/DomainProbe"
import { eventually } from "@uptime/testing/Eventually"
import { Clock, Duration, Effect, Fiber, TestClock } from "effect"
import { probeServices, type ServicesOptions } from "./ProbeServicesFixture.ts"
import { domainObject, type RdapServer, type RdapServerOptions, rdapServer } from "./RdapServer.ts"
import { said } from "./SocketServers.ts"

const day = 86_400_000

const spec = (host: string, more: Partial<CheckSpec> = {}): CheckSpec => ({
  kind: "domain",
  url: `domain://${host}`,
  timeoutMs: 5_000,
  ...more,
})

/** A prober of domains whose list of RDAP servers is at `bootstrapUrl`. */
const prober = (bootstrapUrl: string, options: ServicesOptions = {}) =>
  Effect.flatMap(probeServices(options), (services) => makeDomainProbe(services, [], { bootstrapUrl }))

/** One check against a registry. */
const check = (checked: CheckSpec, registry: RdapServerOptions) =>
  Effect.gen(function* () {
    const server = yield* rdapServer(registry)
    const probe = yield* prober(server.bootstrapUrl)
    return { server, probe, outcome: yield* probe(checked) }
  })

const questions = ({ asked }: RdapServer) => asked().filter((path) => path !== "/dns.json")

describe("a check of a domain", () => {
  const endingIn = (ms: number, status?: ReadonlyArray<string>) =>
    Effect.map(Clock.currentTimeMillis, (now) => ({
      domains: { "site.test": domainObject("site.test", now + ms, status) },
    }))

  it.scopedLive("is Up while its registration lasts", () =>
    Effect.gen(function* () {
      const { outcome, server } = yield* check(spec("www.site.test"), yield* endingIn(60 * day))
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.isNotNull(outcome.responseTimeMs)
      assert.deepStrictEqual(server.asked(), ["/dns.json", "/rdap/domain/site.test"])
    }),
  )

  for (const [ms, warnDays, message] of [
    [29.5 * day, undefined, "the domain's registration ends in 29 days"],
    [1.5 * day, undefined, "the domain's registration ends in 1 day"],
    [0.5 * day, undefined, "the domain's registration ends in less than a day"],
    [60 * day, 90, "the domain's registration ends in 59 days"],
    [30.5 * day, undefined, null],
    [20 * day, 10, null],
    [0.5 * day, 0, null],
  ] as const) {
    it.scopedLive(
      `is ${message === null ? "Up" : "Degraded"} ${ms / day} days before its end, warned ${warnDays ?? "as usual"}`,
      () =>
        Effect.gen(function* () {
          const domain = warnDays === undefined ? {} : { warnDays }
          const { outcome } = yield* check(spec("site.test", { domain }), yield* endingIn(ms))
          assert.deepStrictEqual(
            said(outcome),
            message === null ? ["Up", null, null] : ["Degraded", "protocol", message],
          )
        }),
    )
  }

  it.scopedLive("leaves the warning to a condition on it", () =>
    Effect.gen(function* () {
      const conditions = [{ condition: "[DOMAIN_EXPIRATION] > 48h", severity: "Down" as const }]
      const { outcome } = yield* check(spec("site.test", { conditions }), yield* endingIn(5 * day))
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
    }),
  )

  it.scopedLive("is Down once its registration has ended, and while it waits to be deleted", () =>
    Effect.gen(function* () {
      const ended = yield* check(spec("site.test"), yield* endingIn(-1))
      assert.deepStrictEqual(said(ended.outcome), ["Down", "protocol", "the domain's registration has ended"])
      const ending = yield* check(spec("site.test"), yield* endingIn(300 * day, ["redemption period"]))
      assert.deepStrictEqual(said(ending.outcome), [
        "Down",
        "protocol",
        "the domain's registration has ended, and it will be deleted",
      ])
    }),
  )

  it.scopedLive("is Down when nobody has registered it", () =>
    Effect.gen(function* () {
      const { outcome, server } = yield* check(spec("www.gone.test"), {})
      assert.deepStrictEqual(said(outcome), ["Down", "protocol", "the domain is not registered"])
      assert.deepStrictEqual(questions(server), ["/rdap/domain/gone.test", "/rdap/domain/www.gone.test"])
    }),
  )

  it.scopedLive("finds the registration below and above what registries register under", () =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const object = (name: string) => domainObject(name, now + 60 * day)
      const server = yield* rdapServer({ domains: { "shop.co.uk": object("shop.co.uk"), "co.me": object("co.me") } })
      const probe = yield* prober(server.bootstrapUrl)
      for (const host of ["www.shop.co.uk", "shop.co.uk.", "www.co.me"]) {
        assert.deepStrictEqual(said(yield* probe(spec(host))), ["Up", null, null])
      }
      assert.deepStrictEqual(questions(server), [
        "/rdap/domain/shop.co.uk",
        "/rdap/domain/shop.co.uk",
        "/rdap/domain/www.co.me",
        "/rdap/domain/co.me",
      ])
    }),
  )

  it.scopedLive("asks a registry once an hour, whatever the interval, and for the list once a day", () =>
    Effect.gen(function* () {
      const registry = yield* endingIn(60 * day)
      const { probe, server } = yield* check(spec("site.test"), registry)
      const again = yield* Effect.all(
        Array.from({ length: 20 }, () => probe(spec("site.test"))),
        { concurrency: "unbounded" },
      )
      assert.isTrue(again.every(({ responseTimeMs, status }) => status === "Up" && responseTimeMs !== null))
      yield* probe(spec("other.test"))
      assert.deepStrictEqual(server.asked(), ["/dns.json", "/rdap/domain/site.test", "/rdap/domain/other.test"])
    }),
  )

  it.scopedLive("fetches the list once for checks that come together", () =>
    Effect.gen(function* () {
      const server = yield* rdapServer(yield* endingIn(60 * day))
      const probe = yield* prober(server.bootstrapUrl)
      const hosts = Array.from({ length: 20 }, (_, i) => `www${i}.site.test`)
      const outcomes = yield* Effect.all(
        hosts.map((host) => probe(spec(host))),
        { concurrency: "unbounded" },
      )
      assert.isTrue(outcomes.every(({ status }) => status === "Up"))
      assert.strictEqual(server.asked().filter((path) => path === "/dns.json").length, 1)
    }),
  )

  it.scoped("asks again after an hour, and holds on to what it knew for a day while the registry fails", () =>
    Effect.gen(function* () {
      let fails = false
      const end = (yield* Clock.currentTimeMillis) + 60 * day
      const server = yield* rdapServer({
        answer: (_, response) => {
          if (fails) response.writeHead(503).end()
          else response.end(JSON.stringify(domainObject("site.test", end)))
        },
      })
      const probe = yield* prober(server.bootstrapUrl)
      const after = (wait: Duration.DurationInput) => Effect.zipRight(TestClock.adjust(wait), probe(spec("site.test")))
      assert.strictEqual((yield* after("0 millis")).status, "Up")
      yield* after("59 minutes")
      assert.strictEqual(questions(server).length, 1)
      yield* after("1 minute")
      assert.strictEqual(questions(server).length, 2)
      fails = true
      assert.strictEqual((yield* after("23 hours")).status, "Up")
      assert.strictEqual(questions(server).length, 3)
      assert.strictEqual((yield* after("1 hour")).status, "Unknown")
      // The list is a day old by now, and everything is well again.
      fails = false
      assert.strictEqual((yield* after("1 minute")).status, "Up")
      assert.strictEqual(server.asked().filter((path) => path === "/dns.json").length, 2)
    }),
  )

  it.scoped("sees within a minute that a domain was registered again", () =>
    Effect.gen(function* () {
      const domains: Record<string, unknown> = {}
      const server = yield* rdapServer({ domains })
      const probe = yield* prober(server.bootstrapUrl)
      assert.strictEqual((yield* probe(spec("site.test"))).status, "Down")
      domains["site.test"] = domainObject("site.test", (yield* Clock.currentTimeMillis) + 60 * day)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* probe(spec("site.test"))).status, "Up")
    }),
  )

  it.scopedLive("goes where the registry points to", () =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const { outcome, server } = yield* check(spec("site.test"), {
        answer: (path, response) => {
          if (path.startsWith("/rdap/")) response.writeHead(302, { location: "../../registrar/site" }).end()
          else response.end(JSON.stringify(domainObject("site.test", now + 60 * day)))
        },
      })
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.deepStrictEqual(questions(server), ["/rdap/domain/site.test", "/registrar/site"])
    }),
  )
})

describe("a check of a domain that learns nothing", () => {
  const unknown = (message: string) => ["Unknown", "internal", message] as const
  const noAnswer = "the registry's RDAP server does not answer"
  const unreadable = "the answer of the registry's RDAP server cannot be read"

  const cases: ReadonlyArray<readonly [what: string, answer: RdapServerOptions["answer"], message: string]> = [
    [
      "is asked too often",
      (_, response) => response.writeHead(429).end(),
      "the registry's RDAP server wants to be asked less often",
    ],
    ["fails", (_, response) => response.writeHead(503).end(), noAnswer],
    ["hangs up", (_, response) => response.destroy(), noAnswer],
    ["refuses", (_, response) => response.writeHead(403).end(), "the registry's RDAP server refuses to answer"],
    [
      "takes no such name",
      (_, response) => response.writeHead(400).end(),
      "the registry's RDAP server refuses to answer",
    ],
    ["says nonsense", (_, response) => response.end("\u0000<html>"), unreadable],
    [
      "speaks of another domain",
      (_, response) => response.end(JSON.stringify(domainObject("other.test", 0))),
      unreadable,
    ],
    ["points in a circle", (path, response) => response.writeHead(301, { location: path }).end(), unreadable],
    ["points nowhere", (_, response) => response.writeHead(301).end(), unreadable],
    [
      "does not say when",
      (_, response) => response.end(JSON.stringify(domainObject("site.test", null))),
      "the registry does not say when its registrations end",
    ],
    [
      "never stops talking",
      (_, response) => {
        const piece = Buffer.alloc(65_536, "x")
        const pump = () => {
          while (!response.destroyed && response.write(piece)) {
            // Until the buffer is full.
          }
        }
        response.on("drain", pump)
        pump()
      },
      unreadable,
    ],
  ]
  for (const [what, answer, message] of cases) {
    it.scopedLive(`is Unknown when the registry ${what}`, () =>
      Effect.gen(function* () {
        const before = process.memoryUsage().rss
        const { outcome } = yield* check(spec("site.test"), answer === undefined ? {} : { answer })
        assert.deepStrictEqual(said(outcome), unknown(message))
        assert.isBelow(process.memoryUsage().rss - before, 50_000_000)
      }),
    )
  }

  it.scopedLive("is Unknown at its deadline when the registry, or who has the list, says nothing", () =>
    Effect.gen(function* () {
      const registry = yield* rdapServer({ answer: () => undefined })
      const list = yield* rdapServer({ bootstrap: () => "" })
      const silentList = `${registry.url}/elsewhere.json`
      for (const [bootstrapUrl, message] of [
        [registry.bootstrapUrl, noAnswer],
        [silentList, "IANA's list of RDAP servers cannot be fetched now"],
        [list.bootstrapUrl, "IANA's list of RDAP servers cannot be fetched now"],
      ] as const) {
        const probe = yield* prober(bootstrapUrl)
        const [took, outcome] = yield* Effect.timed(probe(spec("site.test", { timeoutMs: 400 })))
        assert.deepStrictEqual(said(outcome), unknown(message))
        assert.isBelow(Duration.toMillis(took), 900)
      }
    }),
  )

  it.scopedLive("asks nobody again for a while after a failure", () =>
    Effect.gen(function* () {
      const { probe, server } = yield* check(spec("site.test"), {
        answer: (_, response) => response.writeHead(503).end(),
      })
      assert.deepStrictEqual(said(yield* probe(spec("site.test"))), unknown(noAnswer))
      assert.strictEqual(questions(server).length, 1)
      const list = yield* rdapServer({ bootstrap: () => "" })
      const without = yield* prober(list.bootstrapUrl)
      yield* Effect.all([without(spec("site.test")), without(spec("other.test"))])
      assert.strictEqual(list.asked().length, 1)
    }),
  )

  it.scopedLive("is Unknown where the registry has no RDAP server, and for what is no domain", () =>
    Effect.gen(function* () {
      const { probe, server } = yield* check(spec("site.test"), {})
      const noRdap =
        "the registry of this top-level domain has no RDAP server, so that its registrations cannot be checked"
      assert.deepStrictEqual(said(yield* probe(spec("site.nowhere"))), unknown(noRdap))
      assert.deepStrictEqual(said(yield* probe(spec("localhost"))), unknown(noRdap))
      const address = yield* probe(spec("192.0.2.1"))
      assert.deepStrictEqual(said(address), unknown("an address has no registration: the URL must name a domain"))
      assert.strictEqual(questions(server).length, 1)
    }),
  )

  it.scopedLive("asks no server at an address that policy refuses", () =>
    Effect.gen(function* () {
      const { probe } = yield* check(spec("site.test"), {})
      assert.deepStrictEqual(said(yield* probe(spec("site.inside"))), [
        "Unknown",
        "blocked",
        "the registry's RDAP server has an address that this installation does not ask",
      ])
    }),
  )

  it.scopedLive("lets go of its connection when it is interrupted", () =>
    Effect.gen(function* () {
      let isClosed = false
      const server = yield* rdapServer({
        answer: (_, response) => {
          response.on("close", () => {
            isClosed = true
          })
        },
      })
      const probe = yield* prober(server.bootstrapUrl)
      const fiber = yield* Effect.fork(probe(spec("site.test", { timeoutMs: 60_000 })))
      yield* eventually(
        Effect.sync(() => questions(server).length),
        (count) => count === 1,
        "5 seconds",
      )
      yield* Fiber.interrupt(fiber)
      yield* eventually(
        Effect.sync(() => isClosed),
        (closed) => closed,
        "2 seconds",
      )
    }),
  )
})
