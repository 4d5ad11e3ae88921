import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { StoredCondition } from "@uptime/domain/Condition"
import { Prober } from "@uptime/prober/Prober"
import * as TargetGuard from "@uptime/prober/TargetGuard"
import * as Certificates from "@uptime/testing/Certificates"
import { hostileServer } from "@uptime/testing/HostileServer"
import { Effect } from "effect"
import { httpServer } from "./HttpServerFixture.ts"
import { testProber } from "./TestProber.ts"

const once = (url: string, more: Partial<CheckSpec> = {}) =>
  Effect.flatMap(Prober, (prober) => prober.probeOnce({ kind: "http", url, timeoutMs: 2_000, ...more }))

const conditions: ReadonlyArray<StoredCondition> = [
  { condition: "[STATUS] == 200", severity: "Down" },
  { condition: "len([BODY]) > 3000", severity: "Degraded" },
]

describe("a probe that keeps all it sees", () => {
  it.scopedLive("shows address, header fields and the first 2 KiB of the body of a target that is Up", () =>
    Effect.gen(function* () {
      const body = `${"a".repeat(2_000)}é${"b".repeat(2_000)}`
      const server = yield* httpServer((response) => response.setHeader("x-served-by", "web-1").end(body))
      const outcome = yield* once(server.url)
      assert.strictEqual(outcome.status, "Up")
      assert.strictEqual(outcome.evidence?.address, "127.0.0.1")
      assert.deepInclude(outcome.evidence?.headers ?? [], ["x-served-by", "web-1"])
      const shown = outcome.evidence?.body ?? ""
      assert.isAtMost(shown.length, 2_048)
      assert.isAtLeast(shown.length, 2_000)
      assert.isTrue(body.startsWith(shown.slice(0, 2_000)))
      assert.deepStrictEqual(outcome.conditions, [])
      // What is stored of scheduled checks is not changed by it.
      const prober = yield* Prober
      const scheduled = yield* prober.probe({ kind: "http", url: server.url, timeoutMs: 2_000 })
      assert.isNull(scheduled.evidence)
      assert.notProperty(scheduled, "conditions")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("shows each condition with what was seen, and that none was looked at where nothing answered", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((response) => response.end("x".repeat(2_500)))
      const judged = yield* once(server.url, { conditions })
      assert.strictEqual(judged.status, "Degraded")
      assert.deepStrictEqual(judged.conditions, [
        { condition: "[STATUS] == 200", severity: "Down", holds: true, seen: "200" },
        { condition: "len([BODY]) > 3000", severity: "Degraded", holds: false, seen: "2500" },
      ])
      const refused = yield* once("http://127.0.0.1:1/", { conditions })
      assert.strictEqual(refused.errorKind, "connect")
      assert.deepStrictEqual(
        refused.conditions?.map(({ holds, seen }) => [holds, seen]),
        [
          [null, null],
          [null, null],
        ],
      )
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("shows the certificate of a target that is Up", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const server = yield* httpServer(
        (response) => response.end("ok"),
        yield* authority.issue({ names: ["site.test"] }),
      )
      const outcome = yield* once(`https://site.test:${server.port}/`).pipe(
        Effect.provide(testProber({ names: { "site.test": [["127.0.0.1"]] }, authorities: [authority.cert] })),
      )
      assert.strictEqual(outcome.status, "Up")
      assert.strictEqual(outcome.evidence?.certificate?.validTo, Certificates.end.getTime())
      assert.match(outcome.evidence?.certificate?.fingerprint ?? "", /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    }),
  )

  it.scopedLive("tries once, also where a scheduled check would try again", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const outcome = yield* once(`${server.url}/good`.replace(/:\d+/, ":1"))
      assert.deepStrictEqual([outcome.status, outcome.attempts], ["Down", 1])
    }).pipe(Effect.provide(testProber({ tries: 2 }))),
  )

  it.live("dials nothing that policy refuses", () =>
    Effect.gen(function* () {
      const outcome = yield* once("http://10.0.0.1/", { conditions })
      assert.deepInclude(outcome, {
        status: "Unknown",
        errorKind: "blocked",
        errorMessage: TargetGuard.refusalMessage.private,
        evidence: null,
      })
      assert.lengthOf(outcome.conditions ?? [], 2)
    }).pipe(Effect.provide(testProber({ policy: TargetGuard.publicOnly }))),
  )
})
