import { assert, describe, it } from "@effect/vitest"
import { CheckKind } from "@uptime/domain/CheckKind"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { unmeasured } from "@uptime/domain/Result"
import { Prober } from "@uptime/prober/Prober"
import * as TargetGuard from "@uptime/prober/TargetGuard"
import { Effect } from "effect"
import { testProber } from "./TestProber.ts"

/** A target of each kind at a private address. */
const urls: Readonly<Record<CheckKind, string>> = {
  http: "https://10.0.0.1/",
  tcp: "tcp://10.0.0.1:5000",
  dns: "dns://example.com",
  ping: "icmp://10.0.0.1",
  tls: "tls://10.0.0.1",
  websocket: "wss://10.0.0.1/",
  grpc: "grpc://10.0.0.1:5000",
  smtp: "smtp://10.0.0.1",
  postgres: "postgres://10.0.0.1",
  mysql: "mysql://10.0.0.1",
  redis: "redis://10.0.0.1",
  domain: "domain://10.0.0.1",
  heartbeat: "heartbeat://",
}

const specOf = (kind: CheckKind): CheckSpec => ({
  kind,
  url: urls[kind],
  timeoutMs: 2_000,
  ...(kind === "dns" ? { dns: { resolver: "10.0.0.1" } } : undefined),
})

describe("the prober", () => {
  it.live("reaches private addresses by no kind of check", () =>
    Effect.gen(function* () {
      const prober = yield* Prober
      for (const kind of CheckKind.literals.filter((kind) => kind !== "domain" && kind !== "heartbeat")) {
        assert.deepStrictEqual(
          yield* prober.probe(specOf(kind)),
          unmeasured("blocked", TargetGuard.refusalMessage.private),
          kind,
        )
      }
    }).pipe(Effect.provide(testProber({ policy: TargetGuard.publicOnly }))),
  )

  it.live("says of what no kind can check that it is a mistake of ours", () =>
    Effect.gen(function* () {
      const prober = yield* Prober
      for (const kind of ["heartbeat", "domain"] as const) {
        const outcome = yield* prober.probe(specOf(kind))
        assert.deepStrictEqual([outcome.status, outcome.errorKind], ["Unknown", "internal"], kind)
      }
      for (const kind of CheckKind.literals) {
        const outcome = yield* prober.probe({ ...specOf(kind), url: "no URL at all" })
        assert.strictEqual(outcome.status, "Unknown", `${kind}: ${outcome.errorMessage}`)
      }
    }).pipe(Effect.provide(testProber())),
  )
})
