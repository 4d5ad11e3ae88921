import { assert, describe, it } from "@effect/vitest"
import { type ProbeOutcome, unmeasured } from "@uptime/domain/Result"
import { ResolveError } from "@uptime/prober/ResolveError"
import * as TargetGuard from "@uptime/prober/TargetGuard"
import { hostileServer, rawServer } from "@uptime/testing/HostileServer"
import { Duration, Effect, Fiber } from "effect"
import { deafServer } from "./DeafServer.ts"
import { probe, testProber, verdict } from "./TestProber.ts"

/** How much longer than its deadline a probe may take, in milliseconds. */
const graceMs = 500

/** The outcome, and that it came in time and is made of storable, fixed text. */
const probeInTime = (url: string, timeoutMs: number) =>
  Effect.gen(function* () {
    const [took, outcome] = yield* Effect.timed(probe(url, timeoutMs))
    assert.isBelow(Duration.toMillis(took), timeoutMs + graceMs)
    assert.isTrue(outcome.errorMessage === null || /^[\x20-\x7e]{1,200}$/.test(outcome.errorMessage))
    return outcome
  })

const phasesOf = ({ phases }: ProbeOutcome) =>
  Object.entries(phases)
    .filter(([, ms]) => ms !== null)
    .map(([name]) => name)

describe("a probe", () => {
  it.scopedLive("that is answered is Up, with its phases measured", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const outcome = yield* probe(`${server.url}/good`)
      assert.deepStrictEqual(verdict(outcome), { status: "Up", httpStatus: 200, kind: null, message: null })
      assert.deepStrictEqual(phasesOf(outcome), ["connect", "firstByte", "transfer"])
      const { connect, firstByte, transfer } = outcome.phases
      const sum = (connect ?? 0) + (firstByte ?? 0) + (transfer ?? 0)
      assert.isAbove(sum, 0)
      assert.isAtLeast(outcome.responseTimeMs ?? 0, sum)
      assert.isNull(outcome.certificateExpiresAt)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("asks for the path and query, names itself, and refuses encodings", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      yield* probe(`${server.url}/good?a=1&b=%20caf\u00e9`)
      const [line, ...fields] = (server.requests()[0] ?? "").split("\r\n")
      assert.strictEqual(line, "GET /good?a=1&b=%20caf%C3%A9 HTTP/1.1")
      assert.include(fields, `Host: 127.0.0.1:${server.port}`)
      assert.include(fields, "Accept-Encoding: identity")
      assert.include(fields, "Connection: close")
      assert.match(fields.join("\n"), /^User-Agent: Uptime/m)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("opens a connection of its own each time and leaves none open", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      yield* Effect.forEach([1, 2, 3], () => probe(`${server.url}/endless-body`))
      yield* server.awaitClosed
      assert.lengthOf(server.requests(), 3)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive.each([200, 204, 299])("is Up with status %i", (code) =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const outcome = yield* probe(`${server.url}/status?code=${code}`)
      assert.deepStrictEqual(verdict(outcome), { status: "Up", httpStatus: code, kind: null, message: null })
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive.each([300, 304, 400, 404, 500, 503, 999])("is Down with status %i", (code) =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const outcome = yield* probe(`${server.url}/status?code=${code}`)
      assert.deepStrictEqual(verdict(outcome), {
        status: "Down",
        httpStatus: code,
        kind: "status",
        message: `status ${code}`,
      })
      assert.isNotNull(outcome.responseTimeMs)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("of a port on which nobody listens is refused", () =>
    Effect.gen(function* () {
      const { port } = yield* Effect.scoped(rawServer(() => undefined))
      const outcome = yield* probeInTime(`http://127.0.0.1:${port}/`, 1_000)
      assert.deepStrictEqual(verdict(outcome), {
        status: "Down",
        httpStatus: null,
        kind: "connect",
        message: "connection refused",
      })
      assert.isNull(outcome.responseTimeMs)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("that is interrupted closes its connection at once", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const fiber = yield* Effect.fork(probe(`${server.url}/silent`, 60_000))
      yield* server.awaitRequests(1)
      assert.strictEqual(server.open(), 1)
      yield* Fiber.interrupt(fiber)
      yield* Effect.timeout(server.awaitClosed, "1 second")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("whose process stood still meanwhile says nothing about the target, unless it was answered", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      assert.deepStrictEqual(
        yield* probe(`${server.url}/status?code=500`),
        unmeasured("internal", "the checker was too busy to measure"),
      )
      assert.deepStrictEqual(
        yield* probe(`${server.url}/silent`, 100),
        unmeasured("internal", "the checker was too busy to measure"),
      )
      assert.strictEqual((yield* probe(`${server.url}/good`)).status, "Up")
    }).pipe(Effect.provide(testProber({ isBusy: true }))),
  )

  it.effect("of a URL that is none is our own fault", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* probe("nonsense")).errorKind, "internal")
    }).pipe(Effect.provide(testProber())),
  )
})

describe("a redirect", () => {
  it.scopedLive.each([301, 302, 303, 307, 308])("with status %i is followed on a connection of its own", (code) =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const outcome = yield* probe(`${server.url}/redirect?code=${code}&to=/good`)
      assert.deepStrictEqual(verdict(outcome), { status: "Up", httpStatus: 200, kind: null, message: null })
      assert.lengthOf(server.requests(), 2)
      assert.match(server.requests()[1] ?? "", /^GET \/good HTTP/)
    }).pipe(Effect.provide(testProber())),
  )

  const chain = (length: number): string => {
    let to = "/good"
    for (let i = 0; i < length; i++) to = `/redirect?to=${encodeURIComponent(to)}`
    return to
  }
  it.scopedLive("is followed five times and not a sixth", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      assert.strictEqual((yield* probe(server.url + chain(5))).status, "Up")
      assert.strictEqual((yield* probe(server.url + chain(6))).errorKind, "redirect")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("sends no user name or password that its target holds", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const to = encodeURIComponent(`http://user:secret@127.0.0.1:${server.port}/good`)
      assert.strictEqual((yield* probe(`${server.url}/redirect?to=${to}`)).status, "Up")
      assert.notMatch(server.requests()[1] ?? "", /authorization|user:|secret/i)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive.each([
    ["http://169.254.169.254/latest/meta-data/", "blocked"],
    ["http://10.0.0.1/", "blocked"],
    ["http://2130706433.0x/", "redirect"],
    ["http://0xa9fea9fe/", "blocked"],
    ["http://[::ffff:169.254.169.254]/", "blocked"],
    ["http://[64:ff9b::a9fe:a9fe]/", "blocked"],
    ["http://[::1]/", "blocked"],
    ["//192.168.0.1/", "blocked"],
    ["file:///etc/passwd", "redirect"],
    ["gopher://127.0.0.1:6379/_FLUSHALL", "redirect"],
    ["javascript:alert(1)", "redirect"],
    ["data:text/plain,x", "redirect"],
    ["http://127.0.0.1:0/", "redirect"],
    ["http://", "redirect"],
  ] as const)("to %s is %s, and nothing is dialled", ([to, kind]) =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const outcome = yield* probe(`${server.url}/redirect?to=${encodeURIComponent(to)}`)
      assert.strictEqual(outcome.errorKind, kind, outcome.errorMessage ?? "")
      assert.strictEqual(outcome.status, kind === "blocked" ? "Unknown" : "Down")
      assert.lengthOf(server.requests(), 1)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("is judged by what its name resolves to at that moment", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const url = `http://rebinding.test:${server.port}`
      const outcome = yield* probe(`${url}/redirect?to=${encodeURIComponent("/good")}`)
      assert.deepStrictEqual(outcome, unmeasured("blocked", TargetGuard.refusalMessage.private))
      assert.lengthOf(server.requests(), 1)
    }).pipe(Effect.provide(testProber({ names: { "rebinding.test": [["127.0.0.1"], ["10.0.0.1"]] } }))),
  )

  it.scopedLive("shares the one deadline with everything else", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const outcome = yield* probeInTime(`${server.url}/redirect?to=/dripping-body`, 300)
      assert.strictEqual(outcome.errorKind, "timeout")
    }).pipe(Effect.provide(testProber())),
  )
})

describe("a name", () => {
  const names = {
    "good.test": [["127.0.0.1"]],
    "private.test": [["10.0.0.1"]],
    "mixed.test": [["127.0.0.1", "10.0.0.1"]],
    "mixed6.test": [["127.0.0.1", "::1"]],
    "metadata.test": [["169.254.169.254"]],
    "rebinding.test": [["127.0.0.1"], ["10.0.0.1"]],
    "second.test": [["127.0.0.2", "127.0.0.1"]],
    "nowhere.test": [new ResolveError({ reason: "notFound" })],
    "empty.test": [new ResolveError({ reason: "noAddress" })],
    "broken.test": [new ResolveError({ reason: "failed" })],
    "odd.test": [new ResolveError({ reason: "malformed" })],
    "slow.test": [new ResolveError({ reason: "timeout" })],
    "ours.test": [new ResolveError({ reason: "unavailable" })],
  } as const

  it.scopedLive("is dialled at the address that was approved, and sent as it was given", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const outcome = yield* probe(`http://good.test:${server.port}/good`)
      assert.strictEqual(outcome.status, "Up")
      assert.deepStrictEqual(phasesOf(outcome), ["dns", "connect", "firstByte", "transfer"])
      assert.include(server.requests()[0] ?? "", `\r\nHost: good.test:${server.port}\r\n`)
    }).pipe(Effect.provide(testProber({ names }))),
  )

  it.scopedLive.each(["private.test", "mixed.test", "mixed6.test", "metadata.test"])(
    "that has a forbidden address, as %s has, is not dialled at any",
    (name) =>
      Effect.gen(function* () {
        const server = yield* hostileServer
        const outcome = yield* probe(`http://${name}:${server.port}/good`)
        assert.strictEqual(outcome.status, "Unknown")
        assert.strictEqual(outcome.errorKind, "blocked")
        assert.lengthOf(server.requests(), 0)
      }).pipe(Effect.provide(testProber({ names }))),
  )

  it.scopedLive("is looked up for every probe, and its new address judged", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const url = `http://rebinding.test:${server.port}/good`
      assert.strictEqual((yield* probe(url)).status, "Up")
      assert.strictEqual((yield* probe(url)).errorKind, "blocked")
    }).pipe(Effect.provide(testProber({ names }))),
  )

  it.scopedLive("of which the first address is dead is reached at the next", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const outcome = yield* probe(`http://second.test:${server.port}/good`)
      assert.strictEqual(outcome.status, "Up")
    }).pipe(Effect.provide(testProber({ names }))),
  )

  it.effect.each([
    ["nowhere.test", "Down", "dns"],
    ["empty.test", "Down", "dns"],
    ["broken.test", "Down", "dns"],
    ["odd.test", "Down", "dns"],
    ["slow.test", "Down", "timeout"],
    ["ours.test", "Unknown", "internal"],
  ] as const)("such as %s is %s by %s", ([name, status, kind]) =>
    Effect.gen(function* () {
      const outcome = yield* probe(`http://${name}/`)
      assert.strictEqual(outcome.status, status)
      assert.strictEqual(outcome.errorKind, kind)
      assert.isNull(outcome.responseTimeMs)
    }).pipe(Effect.provide(testProber({ names }))),
  )

  it.effect("does not get round the guard by a refused literal", () =>
    Effect.gen(function* () {
      for (const host of ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "169.254.169.254"]) {
        const outcome = yield* probe(`http://${host}:6379/`)
        assert.strictEqual(outcome.status, "Unknown", host)
        assert.strictEqual(outcome.errorKind, "blocked", host)
      }
    }).pipe(Effect.provide(testProber({ policy: TargetGuard.publicOnly }))),
  )

  it.scopedLive("whose address does not answer is given up within its deadline", () =>
    Effect.gen(function* () {
      const port = yield* deafServer("127.0.0.1")
      const outcome = yield* probeInTime(`http://good.test:${port}/`, 300)
      assert.deepStrictEqual(verdict(outcome), {
        status: "Down",
        httpStatus: null,
        kind: "timeout",
        message: "no complete answer within 300 ms: timed out connecting",
      })
      assert.deepStrictEqual(phasesOf(outcome), ["dns", "connect"])
    }).pipe(Effect.provide(testProber({ names }))),
  )

  it.scopedLive.skipIf(process.platform !== "linux")(
    "of which the first address does not answer is reached at the next a quarter of a second later",
    () =>
      Effect.gen(function* () {
        const server = yield* hostileServer
        yield* deafServer("127.0.0.2", server.port)
        const outcome = yield* probeInTime(`http://second.test:${server.port}/good`, 1_000)
        assert.strictEqual(outcome.status, "Up")
        assert.isAtLeast(outcome.phases.connect ?? 0, 245)
        yield* server.awaitClosed
      }).pipe(Effect.provide(testProber({ names }))),
  )
})
