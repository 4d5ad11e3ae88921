import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { ProbeOutcome } from "@uptime/domain/Result"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { EventLoopMonitor } from "@uptime/prober/EventLoopMonitor"
import * as NodeProber from "@uptime/prober/NodeProber"
import { Prober } from "@uptime/prober/Prober"
import { Resolver } from "@uptime/prober/Resolver"
import { parseCidrs, publicOnly } from "@uptime/prober/TargetGuard"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { type ByteTrickName, byteServer, byteTricks, tlsByteServer } from "@uptime/testing/ByteTricks"
import * as Certificates from "@uptime/testing/Certificates"
import { hostileServer } from "@uptime/testing/HostileServer"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Array as Arr, Clock, Duration, Effect, Either, Layer, Option, Redacted } from "effect"
import { httpCases, spoken, usual } from "./FarmCases.ts"
import { storedMonitors } from "./StoredMonitors.ts"
import { usa } from "./World.ts"

/** How much longer than its deadline a check may take, in milliseconds, and how much memory it may take, in bytes. */
const graceMs = 500
const maxBytes = 50_000_000

const prober = NodeProber.layerNoDeps(
  { ...publicOnly, allowCidrs: Either.getOrThrow(parseCidrs("127.0.0.0/8")) },
  { tries: 1 },
).pipe(
  Layer.provide([
    Layer.mock(Resolver, {}),
    Layer.succeed(EventLoopMonitor, EventLoopMonitor.of({ wasBlockedSince: () => false })),
    SecretBox.layer(Option.none()),
  ]),
)

/** The most that an effect adds to the memory of this process, servers included, in bytes. */
const growth = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const before = process.memoryUsage.rss()
    let most = before
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss())
    }, 5)
    const value = yield* Effect.ensuring(
      effect,
      Effect.sync(() => clearInterval(timer)),
    )
    return { value, bytes: Math.max(most, process.memoryUsage.rss()) - before }
  })

/** A check of a trick, with a check of a good neighbour beside it, and that both are as they should be. */
const attacked = (name: string, spec: CheckSpec, neighbour: string) =>
  Effect.gen(function* () {
    const { probe } = yield* Prober
    const { bytes, value } = yield* growth(
      Effect.all([Effect.timed(probe(spec)), Effect.timed(probe({ kind: "http", url: neighbour, timeoutMs: 2_000 }))], {
        concurrency: 2,
      }),
    )
    const [[took, outcome], [, beside]] = value
    assert.isBelow(Duration.toMillis(took), spec.timeoutMs + graceMs, name)
    assert.isBelow(bytes, maxBytes, name)
    assert.strictEqual(beside.status, "Up", `${name}: ${beside.errorMessage}`)
    const isOurs = outcome.errorKind === null || outcome.errorKind === "condition"
    if (!isOurs) assert.match(outcome.errorMessage ?? "", /^[\x20-\x7e]{1,200}$/, name)
    return outcome
  })

/** That results can be stored, each as a row: none is set aside for what it holds. */
const assertStorable = (outcomes: ReadonlyArray<ProbeOutcome>) =>
  Effect.gen(function* () {
    const url = yield* migratedDatabase
    const database = PostgresSql.layer({ url: Redacted.make(url), applicationName: "test", maxConnections: 2 })
    yield* Effect.gen(function* () {
      const store = yield* ResultStore
      const ids = yield* storedMonitors(outcomes.length)
      const now = yield* Clock.currentTimeMillis
      const report = yield* store.insert(
        Arr.zip(outcomes, ids).map(([outcome, monitorId]) => ({
          monitorId,
          region: usa,
          slot: now,
          checkedAt: now,
          outcome,
        })),
      )
      assert.deepStrictEqual(report, { inserted: outcomes.length, duplicates: 0, dropped: 0, rejected: [] })
    }).pipe(Effect.provide(Layer.provideMerge(ResultStore.layer, database)))
  })

const tricks = Object.keys(byteTricks).filter((name): name is ByteTrickName => Object.hasOwn(byteTricks, name))

describe("a hostile server", () => {
  it.scopedLive(
    "ends every HTTP check in time, in little memory and as what it is, which is stored",
    () =>
      Effect.gen(function* () {
        const farm = yield* hostileServer
        const outcomes: Array<ProbeOutcome> = []
        const unlike: Array<string> = []
        for (const { conditions, httpStatus, kind, path, timeoutMs, word = "" } of httpCases) {
          const name = `${path}${conditions === undefined ? "" : ", read"}`
          const spec = {
            kind: "http",
            url: `${farm.url}${path}`,
            timeoutMs,
            ...(conditions && { conditions }),
          } as const
          const outcome = yield* attacked(name, spec, `${farm.url}/good`)
          const isAsItMust =
            outcome.errorKind === kind &&
            outcome.httpStatus === httpStatus &&
            outcome.status === (kind === null ? "Up" : "Down") &&
            (outcome.errorMessage ?? "").includes(word)
          if (!isAsItMust) unlike.push(`${name}: ${outcome.errorKind}, ${outcome.httpStatus}, ${outcome.errorMessage}`)
          outcomes.push(outcome)
        }
        assert.deepStrictEqual(unlike, [])
        yield* Effect.timeout(farm.awaitClosed, "5 seconds")
        yield* assertStorable(outcomes)
      }).pipe(Effect.provide(prober)),
    60_000,
  )

  for (const { isSecured = false, kinds = {}, name, spec } of spoken) {
    it.scopedLive(
      `ends every check by ${name} in time, in little memory and as what it is, which is stored`,
      () =>
        Effect.gen(function* () {
          const farm = yield* hostileServer
          const pair = yield* Certificates.selfSigned({ addresses: ["127.0.0.1"] })
          const outcomes: Array<ProbeOutcome> = []
          const found: Partial<Record<ByteTrickName, string>> = {}
          for (const trick of tricks) {
            const port = yield* isSecured ? tlsByteServer(pair, trick) : byteServer(trick)
            const kind = kinds[trick] ?? usual[trick]
            const timeoutMs = kind === "timeout" ? 400 : 3_000
            const outcome = yield* attacked(`${name}, ${trick}`, { ...spec(port), timeoutMs }, `${farm.url}/good`)
            found[trick] = `${outcome.status}, ${outcome.errorKind}`
            outcomes.push(outcome)
          }
          const expected = Object.entries({ ...usual, ...kinds }).map(([trick, kind]) => [trick, `Down, ${kind}`])
          assert.deepStrictEqual(found, Object.fromEntries(expected), `${name} ${JSON.stringify(found)}`)
          yield* assertStorable(outcomes)
        }).pipe(Effect.provide(prober)),
      60_000,
    )
  }

  it.scopedLive(
    "whose certificate has a name of bytes that are no text ends checks as what it is, which is stored",
    () =>
      Effect.gen(function* () {
        const farm = yield* hostileServer
        const outcomes: Array<ProbeOutcome> = []
        for (const name of ["a\u0000.example.com", "\u0000", "\uffff", "\u202e.example.com", "x".repeat(5_000)]) {
          const pair = yield* Certificates.selfSigned({ name: `"${name}"`, names: [name], addresses: ["127.0.0.2"] })
          const port = yield* tlsByteServer(pair, "close")
          const specs: ReadonlyArray<Omit<CheckSpec, "timeoutMs">> = [
            { kind: "tls", url: `tls://127.0.0.1:${port}` },
            { kind: "http", url: `https://127.0.0.1:${port}/` },
            { kind: "http", url: `https://127.0.0.1:${port}/`, http: { certificateAuthority: pair.cert } },
          ]
          for (const spec of specs) {
            const outcome = yield* attacked(JSON.stringify(name), { ...spec, timeoutMs: 3_000 }, `${farm.url}/good`)
            assert.strictEqual(
              `${outcome.status}, ${outcome.errorKind}`,
              "Down, tls",
              `${JSON.stringify(name)} ${spec.url}`,
            )
            outcomes.push(outcome)
          }
        }
        yield* assertStorable(outcomes)
      }).pipe(Effect.provide(prober)),
    60_000,
  )
})
