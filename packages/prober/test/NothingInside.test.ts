import { createSecureContext } from "node:tls"
import { assert, describe, it } from "@effect/vitest"
import { CheckKind } from "@uptime/domain/CheckKind"
import { CheckOptions, CheckSpec } from "@uptime/domain/CheckSpec"
import { parseMonitorUrl } from "@uptime/domain/MonitorUrl"
import type { ProbeOutcome } from "@uptime/domain/Result"
import { schemes } from "@uptime/domain/UrlScheme"
import { makeDomainProbe } from "@uptime/prober/DomainProbe"
import { EventLoopMonitor } from "@uptime/prober/EventLoopMonitor"
import * as NodeProber from "@uptime/prober/NodeProber"
import { Prober } from "@uptime/prober/Prober"
import { Resolver } from "@uptime/prober/Resolver"
import type { TargetPolicy } from "@uptime/prober/TargetGuard"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { innerHosts, innerNames, rebindingName } from "@uptime/testing/InnerListener"
import { textPlaces } from "@uptime/testing/TextPlaces"
import { Effect, Either, Layer, Predicate, Schema } from "effect"
import { sealed } from "./HttpServerFixture.ts"
import { anywhere, inside, outsideOnly } from "./Inside.ts"
import { testSecrets } from "./TestProber.ts"

type World = Effect.Effect.Success<typeof inside>

const probers = ({ resolver }: World, policy: TargetPolicy = outsideOnly) =>
  NodeProber.layerNoDeps(policy, { tries: 2 }).pipe(
    Layer.provide([
      resolver,
      testSecrets,
      Layer.succeed(EventLoopMonitor, EventLoopMonitor.of({ wasBlockedSince: () => false })),
    ]),
  )

const isSpec = Schema.is(CheckSpec)

/** What comes of checks, both ways in which checks are made. */
const probeAll = (specs: ReadonlyArray<CheckSpec>): Effect.Effect<ReadonlyArray<ProbeOutcome>, never, Prober> =>
  Effect.flatMap(Prober, ({ probe, probeOnce }) =>
    Effect.map(
      Effect.forEach(specs, (spec) => Effect.all([probe(spec), probeOnce(spec)]), { concurrency: 40 }),
      (pairs) => pairs.flat(),
    ),
  )

/** The URLs of every scheme that mean a host, as far as a monitor may have them. */
const urlsTo = (host: string, port: number): ReadonlyArray<CheckSpec> =>
  Object.entries(schemes).flatMap(([name, scheme]) => {
    if (scheme.kind === "heartbeat") return []
    const text = `${name}://${host}${scheme.port === null ? "" : `:${port}`}${scheme.path ? "/" : ""}`
    const url = Either.getOrNull(parseMonitorUrl(text))
    return url === null ? [] : [{ kind: scheme.kind, url: url.href, timeoutMs: 2_000 }]
  })

const hosts = [...innerHosts, ...Object.keys(innerNames)]

describe.skipIf(process.platform !== "linux")("what is inside", () => {
  it("is asked for by every kind of check", () => {
    const kinds = new Set(Object.values(schemes).map(({ kind }) => kind))
    for (const kind of CheckKind.literals) assert.isTrue(kinds.has(kind), kind)
  })

  it.scopedLive("would be reached by every kind that dials, were it allowed", () =>
    Effect.gen(function* () {
      const world = yield* inside
      const dialling = ["127.0.0.1", "[::1]", "inner4.test"]
        .flatMap((host) => urlsTo(host, world.port))
        .filter(({ kind }) => kind !== "dns" && kind !== "ping" && kind !== "domain")
      const resolver = `127.0.0.1:${world.port}`
      for (const spec of [
        ...dialling,
        { kind: "dns", url: "dns://a.test", timeoutMs: 300, dns: { resolver } } as const,
      ]) {
        const before = world.visits()
        yield* Effect.flatMap(Prober, ({ probeOnce }) => probeOnce(spec)).pipe(Effect.provide(probers(world, anywhere)))
        assert.isAbove(world.visits(), before, spec.url)
      }
    }),
  )

  it.scopedLive("is reached by no kind of check, however its host is written and whatever name servers say", () =>
    Effect.gen(function* () {
      const world = yield* inside
      const specs = hosts.flatMap((host) => urlsTo(host, world.port))
      assert.isAbove(specs.length, 400)
      const outcomes = yield* Effect.provide(probeAll(specs), probers(world))
      assert.strictEqual(world.visits(), 0)
      outcomes.forEach((outcome, i) => {
        const spec = specs[i >> 1]
        if (spec === undefined || spec.kind === "dns" || spec.kind === "domain") return
        assert.deepStrictEqual([outcome.status, outcome.errorKind], ["Unknown", "blocked"], spec.url)
        assert.notMatch(outcome.errorMessage ?? "", /127|::1|169/)
      })
    }),
  )

  it.scopedLive("is reached by no redirect", () =>
    Effect.gen(function* () {
      const world = yield* inside
      const targets = hosts.flatMap((host) => [
        `http://${host}:${world.port}/`,
        `https://${host}:${world.port}/`,
        `//${host}:${world.port}/`,
        `http://user:secret@${host}:${world.port}/`,
        `HTTP:\\\\${host}:${world.port}\\`,
        `ws://${host}:${world.port}/`,
        `gopher://${host}:${world.port}/_PING`,
        `ftp://${host}:${world.port}/`,
      ])
      const specs = targets.flatMap((to, i): ReadonlyArray<CheckSpec> => {
        const code = [301, 302, 303, 307, 308][i % 5]
        const path = `redirect/${code}?to=${encodeURIComponent(to)}`
        const twice = `redirect/302?to=${encodeURIComponent(`/${path}`)}`
        return [path, twice].map((one) => ({ kind: "http", url: `${world.outer}/${one}`, timeoutMs: 2_000 }))
      })
      for (const to of ["file:///etc/passwd", "data:text/plain,x", "javascript:alert(1)"]) {
        specs.push({
          kind: "http",
          url: `${world.outer}/redirect/302?to=${encodeURIComponent(to)}`,
          timeoutMs: 2_000,
        })
      }
      const outcomes = yield* Effect.provide(probeAll(specs), probers(world))
      assert.strictEqual(world.visits(), 0)
      for (const { errorKind } of outcomes) assert.include(["blocked", "redirect", "dns"], errorKind)
    }),
  )

  it.scopedLive("is reached by no name that means something else a moment later", () =>
    Effect.gen(function* () {
      const world = yield* inside
      const layer = probers(world)
      const specs = urlsTo(rebindingName, world.port)
      for (const spec of specs) {
        yield* world.rebind
        // Two tries and two ways of making them: the name is looked up up to four times.
        yield* Effect.provide(probeAll([{ ...spec, timeoutMs: 400 }]), layer)
      }
      yield* world.rebind
      const path = `redirect/302?to=${encodeURIComponent("/again")}`
      const [first] = yield* Effect.provide(
        probeAll([{ kind: "http", url: `http://${rebindingName}:${world.port}/${path}`, timeoutMs: 2_000 }]),
        layer,
      )
      assert.strictEqual(first?.errorKind, "blocked")
      assert.strictEqual(world.visits(), 0)
    }),
  )

  it.scopedLive("is reached by nothing that a check is told besides its URL", () =>
    Effect.gen(function* () {
      const world = yield* inside
      const secret = yield* sealed("secret")
      const withSecret = (value: unknown): unknown => {
        if (Array.isArray(value)) return value.map(withSecret)
        if (!Predicate.isRecord(value)) return value
        if ("sealed" in value) return secret
        return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withSecret(inner)]))
      }
      const texts = ["127.0.0.1", "[::1]", "inner4.test", "[::ffff:7f00:1]"].flatMap((host) => [
        `http://${host}:${world.port}/`,
        `${host}:${world.port}`,
        host,
        host.replace(/[[\]]/g, ""),
      ])
      const found = new Set<string>()
      const specs = textPlaces(CheckOptions).flatMap(({ name, put }) => {
        const [kind = ""] = name.split(".")
        const url = { dns: "dns://outer.test", ping: "icmp://outer.test", domain: "domain://outer.test" }[kind]
        return texts.flatMap((text) => {
          const options = withSecret(put(text))
          if (!Predicate.isRecord(options)) return []
          const spec = {
            kind: kind === "conditions" ? "http" : kind,
            url: url ?? `${world.outer}/`,
            timeoutMs: 500,
            [kind]: options[kind],
          }
          if (!isSpec(spec)) return []
          found.add(name)
          return [spec]
        })
      })
      assert.includeMembers([...found], ["http.auth.tokenUrl", "dns.resolver", "tls.serverName", "http.headers.value"])
      yield* Effect.provide(probeAll(specs), probers(world))
      assert.strictEqual(world.visits(), 0)
    }),
  )

  it.scopedLive("is reached by no server that a list of registries names", () =>
    Effect.gen(function* () {
      const world = yield* inside
      const services = {
        policy: outsideOnly,
        resolver: yield* Effect.provide(Resolver, world.resolver),
        eventLoop: EventLoopMonitor.of({ wasBlockedSince: () => false }),
        secrets: yield* Effect.provide(SecretBox, testSecrets),
        secureContext: createSecureContext(),
        userAgent: "Uptime/test",
        keepsAll: false,
      }
      for (const host of hosts) {
        const to = encodeURIComponent(`http://${host}:${world.port}/rdap`)
        const probe = yield* makeDomainProbe(services, [], { bootstrapUrl: `${world.outer}/rdap.json?to=${to}` })
        const outcome = yield* probe({ kind: "domain", url: "domain://example.test", timeoutMs: 2_000 })
        assert.include(["blocked", "internal"], outcome.errorKind, host)
      }
      assert.strictEqual(world.visits(), 0)
    }),
  )
})
