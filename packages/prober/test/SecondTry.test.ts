import { assert, describe, it } from "@effect/vitest"
import { longestCheckMs } from "@uptime/domain/CheckDuration"
import { ResolveError } from "@uptime/prober/ResolveError"
import * as Certificates from "@uptime/testing/Certificates"
import { hostileServer, rawServer } from "@uptime/testing/HostileServer"
import { Deferred, Duration, Effect, Fiber, TestClock } from "effect"
import { deafServer } from "./DeafServer.ts"
import { check, httpServer } from "./HttpServerFixture.ts"
import { testProber } from "./TestProber.ts"

const names = {
  "late.test": [new ResolveError({ reason: "notFound" }), ["127.0.0.1"]],
  "ours.test": [new ResolveError({ reason: "unavailable" })],
}
const twice = testProber({ tries: 2, names })

describe("a target that is not reached", () => {
  it.scopedLive("is tried once more, a second later, and that is what counts", () =>
    Effect.gen(function* () {
      let connections = 0
      const { port } = yield* rawServer((socket) => {
        if (++connections === 1) socket.resetAndDestroy()
        else socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
      })
      const [took, outcome] = yield* Effect.timed(check(`http://127.0.0.1:${port}/`))
      assert.strictEqual(outcome.status, "Up")
      assert.strictEqual(outcome.attempts, 2)
      assert.isAtLeast(Duration.toMillis(took), 995)
      assert.isBelow(outcome.responseTimeMs ?? 0, 900, "the first try is none of the second one's time")
    }).pipe(Effect.provide(twice)),
  )

  it.scopedLive("is tried twice and no third time", () =>
    Effect.gen(function* () {
      let connections = 0
      const { port } = yield* rawServer((socket) => {
        connections++
        socket.destroy()
      })
      const outcome = yield* check(`http://127.0.0.1:${port}/`)
      assert.strictEqual(outcome.errorKind, "connect")
      assert.strictEqual(outcome.attempts, 2)
      assert.strictEqual(connections, 2)
    }).pipe(Effect.provide(twice)),
  )

  it.scopedLive(
    "by its name, by a handshake that breaks off, or by a connection that takes too long, is tried again",
    () =>
      Effect.gen(function* () {
        const server = yield* httpServer()
        const deaf = yield* deafServer("127.0.0.1")
        const closing = yield* rawServer((socket) => socket.once("data", () => socket.end()))
        const [late, slow, broken] = yield* Effect.all(
          [
            check(`http://late.test:${server.port}/`),
            Effect.timed(check(`http://127.0.0.1:${deaf}/`, {}, { timeoutMs: 300 })),
            check(`https://127.0.0.1:${closing.port}/`),
          ],
          { concurrency: "unbounded" },
        )
        assert.deepStrictEqual([late.status, late.attempts], ["Up", 2])
        assert.deepStrictEqual([broken.errorKind, broken.attempts], ["tls", 2])
        assert.deepStrictEqual([slow[1].errorKind, slow[1].attempts], ["timeout", 2])
        assert.isBelow(Duration.toMillis(slow[0]), longestCheckMs(300) + 500, "each try has its own deadline")
      }).pipe(Effect.provide(twice)),
  )

  it.scopedLive("is tried again also where a condition says so", () =>
    Effect.gen(function* () {
      const { port } = yield* Effect.scoped(rawServer(() => undefined))
      const conditions = [{ condition: "[CONNECTED] == true", severity: "Degraded" }] as const
      const outcome = yield* check(`http://127.0.0.1:${port}/`, {}, { conditions })
      assert.deepStrictEqual([outcome.status, outcome.errorKind, outcome.attempts], ["Degraded", "condition", 2])
      const wanted = [{ condition: "[CONNECTED] == false", severity: "Down" }] as const
      assert.strictEqual((yield* check(`http://127.0.0.1:${port}/`, {}, { conditions: wanted })).attempts, 1)
    }).pipe(Effect.provide(twice)),
  )

  it.scoped("is not tried again once nobody waits for it", () =>
    Effect.gen(function* () {
      let connections = 0
      const met = yield* Deferred.make<void>()
      const { port } = yield* rawServer((socket) => {
        connections++
        socket.on("close", () => Deferred.unsafeDone(met, Effect.void))
        socket.destroy()
      })
      const fiber = yield* Effect.fork(check(`http://127.0.0.1:${port}/`))
      yield* Deferred.await(met)
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(connections, 1)
    }).pipe(Effect.provide(twice)),
  )
})

describe("a target that was reached, or a fault of ours", () => {
  it.scopedLive("is not tried again", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const hostile = yield* hostileServer
      const expired = yield* httpServer(undefined, yield* authority.issue({ addresses: ["127.0.0.1"] }))
      for (const [url, kind] of [
        [`${hostile.url}/status?code=500`, "status"],
        [`${hostile.url}/garbage`, "body"],
        [`${hostile.url}/silent`, "timeout"],
        [expired.url, "tls"],
        ["http://10.0.0.1/", "blocked"],
        ["http://ours.test/", "internal"],
        [`${hostile.url}/good`, null],
      ] as const) {
        const [took, outcome] = yield* Effect.timed(check(url, {}, { timeoutMs: 400 }))
        assert.strictEqual(outcome.errorKind, kind, `${url}: ${outcome.errorMessage}`)
        assert.strictEqual(outcome.attempts, 1)
        assert.isBelow(Duration.toMillis(took), 900)
      }
    }).pipe(Effect.provide(twice)),
  )
})
