import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { ProbeOutcome } from "@uptime/domain/Result"
import { unmeasured } from "@uptime/domain/Result"
import type { ProbeServices } from "@uptime/prober/ProbeRun"
import * as TargetGuard from "@uptime/prober/TargetGuard"
import { rawServer } from "@uptime/testing/HostileServer"
import { Effect, Fiber } from "effect"
import { deafServer } from "./DeafServer.ts"
import { probeServices } from "./ProbeServicesFixture.ts"
import { deadPort, flood, inTime, phasesOf, said, silentServer } from "./SocketServers.ts"

export interface SocketProbeSuite {
  readonly probe: (services: ProbeServices, spec: CheckSpec) => Effect.Effect<ProbeOutcome>
  /** A check of `host:port` that waits for an answer. */
  readonly check: (host: string, timeoutMs: number) => CheckSpec
  /** The beginning of an answer that would be right, and what may follow it for ever. */
  readonly endless: ReadonlyArray<readonly [name: string, begin: Buffer | string, piece: Buffer | string]>
}

const zeros = Buffer.alloc(1_000)
const garbage: ReadonlyArray<readonly [string, Buffer]> = [
  ["zeros", zeros],
  ["high bytes", Buffer.alloc(1_000, 0xff)],
  ["lone surrogates", Buffer.from("\xed\xa0\x80\xed\xbf\xbf\r\n", "latin1")],
  ["another protocol", Buffer.from("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")],
  ["a TLS alert", Buffer.from([0x15, 3, 3, 0, 2, 2, 40])],
  ["random bytes", Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 7_919 + (i >> 3) * 104_729) & 0xff))],
]

/** What every kind of check over a connection does, whatever it speaks there. */
export const behavesAsSocketProbe = ({ check, endless, probe }: SocketProbeSuite): void => {
  const at = (port: number, timeoutMs = 3_000) => check(`127.0.0.1:${port}`, timeoutMs)

  describe("as any check over a connection", () => {
    it.scopedLive("is Down where nobody listens, with no response time", () =>
      Effect.gen(function* () {
        const outcome = yield* inTime(probe, yield* probeServices(), at(yield* deadPort))
        assert.deepStrictEqual(said(outcome), ["Down", "connect", "connection refused"])
        assert.isNull(outcome.responseTimeMs)
      }),
    )

    it.scopedLive("is given up within its deadline where nothing is answered, and leaves no connection", () =>
      Effect.gen(function* () {
        const server = yield* silentServer()
        const outcome = yield* inTime(probe, yield* probeServices(), at(server.port, 300))
        assert.deepStrictEqual(said(outcome), [
          "Down",
          "timeout",
          "no complete answer within 300 ms: timed out waiting for the answer",
        ])
        assert.deepStrictEqual(phasesOf(outcome), ["connect", "firstByte"])
        assert.isAbove(outcome.phases.firstByte ?? 0, 100)
        yield* server.closed
      }),
    )

    it.scopedLive("is given up within its deadline where no connection is made", () =>
      Effect.gen(function* () {
        const outcome = yield* inTime(probe, yield* probeServices(), at(yield* deafServer("127.0.0.1"), 300))
        assert.strictEqual(outcome.errorKind, "timeout")
        assert.include(outcome.errorMessage ?? "", "connecting")
      }),
    )

    it.scopedLive("is Down where the connection is closed or reset without an answer", () =>
      Effect.gen(function* () {
        const services = yield* probeServices()
        const closing = yield* rawServer((socket) => socket.end())
        const resetting = yield* rawServer((socket) => socket.resetAndDestroy())
        for (const { port } of [closing, resetting]) {
          const outcome = yield* inTime(probe, services, at(port))
          assert.strictEqual(outcome.status, "Down")
          assert.strictEqual(outcome.errorKind, "connect", String(outcome.errorMessage))
        }
      }),
    )

    it.scopedLive.each(garbage)("is Down by what is answered when that is %s", ([_, bytes]) =>
      Effect.gen(function* () {
        const { port } = yield* rawServer((socket) => socket.end(bytes))
        const outcome = yield* inTime(probe, yield* probeServices(), at(port))
        assert.strictEqual(outcome.status, "Down", String(outcome.errorMessage))
        assert.strictEqual(outcome.errorKind, "protocol", String(outcome.errorMessage))
        assert.notInclude(outcome.evidence?.body ?? "", "\u0000")
        assert.isTrue((outcome.evidence?.body ?? "").isWellFormed())
        assert.isAtMost(outcome.evidence?.body?.length ?? 0, 2_048)
      }),
    )

    it.scopedLive.each(endless)("ends, and takes no memory, with an answer that never does: %s", ([_, begin, piece]) =>
      Effect.gen(function* () {
        const { port } = yield* rawServer((socket) => {
          if (begin.length > 0) socket.write(begin)
          flood(
            socket,
            Buffer.concat(Array.from({ length: Math.ceil(16_384 / piece.length) }, () => Buffer.from(piece))),
          )
        })
        const before = process.memoryUsage().rss
        const outcome = yield* inTime(probe, yield* probeServices(), at(port, 10_000))
        assert.isBelow(process.memoryUsage().rss - before, 50_000_000)
        assert.strictEqual(outcome.status, "Down")
        assert.strictEqual(outcome.errorKind, "protocol", String(outcome.errorMessage))
      }),
    )

    it.scopedLive("closes its connection at once when it is interrupted", () =>
      Effect.gen(function* () {
        const server = yield* silentServer()
        const fiber = yield* Effect.fork(probe(yield* probeServices(), at(server.port, 60_000)))
        yield* server.made
        yield* Fiber.interrupt(fiber)
        yield* server.closed
      }),
    )

    it.scopedLive("dials no address that is refused, whether it is written or looked up", () =>
      Effect.gen(function* () {
        const server = yield* silentServer()
        const written = yield* probeServices({ policy: TargetGuard.publicOnly })
        const refused = unmeasured("blocked", TargetGuard.refusalMessage.private)
        assert.deepStrictEqual(yield* probe(written, at(server.port)), refused)
        const names = { "inside.test": [["10.0.0.1"]], "mixed.test": [["127.0.0.1", "10.0.0.1"]] }
        const lookedUp = yield* probeServices({ names })
        for (const host of Object.keys(names)) {
          assert.deepStrictEqual(yield* probe(lookedUp, check(`${host}:${server.port}`, 3_000)), refused)
        }
        assert.strictEqual(server.heard(), "")
      }),
    )

    it.scopedLive("says nothing about the target when its process stood still", () =>
      Effect.gen(function* () {
        const outcome = yield* probe(yield* probeServices({ isBusy: true }), at(yield* deadPort))
        assert.deepStrictEqual(outcome, unmeasured("internal", "the checker was too busy to measure"))
      }),
    )

    it.effect("of a URL that is none is our own fault", () =>
      Effect.gen(function* () {
        const outcome = yield* probe(yield* probeServices(), { ...at(1), url: "nonsense" })
        assert.deepStrictEqual(said(outcome), ["Unknown", "internal", "the monitor's URL cannot be read"])
      }),
    )
  })
}
