import { deflateSync, gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import type { StoredCondition } from "@uptime/domain/Condition"
import { unmeasured } from "@uptime/domain/Result"
import * as TargetGuard from "@uptime/prober/TargetGuard"
import * as Certificates from "@uptime/testing/Certificates"
import { hostileServer, rawServer } from "@uptime/testing/HostileServer"
import { Duration, Effect } from "effect"
import { type Answer, check, httpServer } from "./HttpServerFixture.ts"
import { testProber, verdict } from "./TestProber.ts"

const down = (...texts: ReadonlyArray<string>): ReadonlyArray<StoredCondition> =>
  texts.map((condition) => ({ condition, severity: "Down" }))
const degraded = (condition: string): ReadonlyArray<StoredCondition> => [{ condition, severity: "Degraded" }]

const json: Answer = (response) =>
  response
    .writeHead(200, { "content-type": "application/json", "x-version": "7" })
    .end('{"status":"UP","items":[{"id":5}]}')

describe("the conditions of a check", () => {
  it.scopedLive("leave it Up where they hold", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(json)
      const conditions = down(
        "[STATUS] == 200",
        "[BODY].status == UP",
        "[BODY].items[0].id == 5",
        "[HEADERS].X-Version == 7",
        "[RESPONSE_TIME] < 5000",
        "[PHASES].connect < 5s",
        "[IP] == 127.0.0.1",
        "[CONNECTED] == true",
      )
      const outcome = yield* check(server.url, {}, { conditions })
      assert.deepStrictEqual(verdict(outcome), { status: "Up", httpStatus: 200, kind: null, message: null })
      assert.isNull(outcome.evidence)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("make it Down or Degraded, by the worst that fails, with what was seen", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(json)
      const failing = "[BODY].status == DOWN"
      const message = "[BODY].status == DOWN failed: [BODY].status was UP"
      const bad = yield* check(server.url, {}, { conditions: down(failing) })
      assert.deepStrictEqual(verdict(bad), { status: "Down", httpStatus: 200, kind: "condition", message })
      assert.strictEqual(bad.evidence?.body, '{"status":"UP","items":[{"id":5}]}')
      assert.deepInclude(bad.evidence?.headers ?? [], ["x-version", "7"])
      assert.isNotNull(bad.responseTimeMs)
      const slow = yield* check(server.url, {}, { conditions: degraded(failing) })
      assert.deepStrictEqual(verdict(slow), { status: "Degraded", httpStatus: 200, kind: "condition", message })
      assert.isNotNull(slow.evidence)
      const both = yield* check(server.url, {}, { conditions: [...degraded(failing), ...down("[STATUS] == 201")] })
      assert.strictEqual(both.status, "Down")
      assert.include(both.errorMessage ?? "", "[STATUS] == 201 failed: [STATUS] was 200")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("replace the rule for the status where they speak of it, and only there", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((response) => response.writeHead(404).end("gone"))
      assert.strictEqual((yield* check(server.url, {}, { conditions: down("[STATUS] == 404") })).status, "Up")
      assert.strictEqual((yield* check(server.url, {}, { conditions: down("404 == [STATUS]") })).status, "Up")
      for (const condition of ["[BODY] == gone", '[BODY] != "[STATUS]"']) {
        const outcome = yield* check(server.url, {}, { conditions: down(condition) })
        assert.strictEqual(outcome.errorMessage, "status 404", condition)
      }
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("judge a failure to connect only where they speak of it", () =>
    Effect.gen(function* () {
      const { port } = yield* Effect.scoped(rawServer(() => undefined))
      const url = `http://127.0.0.1:${port}/`
      const other = yield* check(url, {}, { conditions: down("[RESPONSE_TIME] < 500") })
      assert.strictEqual(other.errorKind, "connect")
      const closed = yield* check(url, {}, { conditions: down("[CONNECTED] == false") })
      assert.deepStrictEqual(verdict(closed), { status: "Up", httpStatus: null, kind: null, message: null })
      const open = yield* check(url, {}, { conditions: down("[CONNECTED] == true") })
      assert.deepStrictEqual(verdict(open), {
        status: "Down",
        httpStatus: null,
        kind: "condition",
        message: "[CONNECTED] == true failed: [CONNECTED] was false",
      })
      assert.isNull(open.responseTimeMs)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("do not excuse what is wrong with an answer", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      for (const [path, kind] of [
        ["/garbage", "body"],
        ["/silent", "timeout"],
        ["/redirect-loop", "redirect"],
      ] as const) {
        const conditions = down("[CONNECTED] == true", "[STATUS] < 1000")
        const outcome = yield* check(`${server.url}${path}`, {}, { conditions, timeoutMs: 300 })
        assert.strictEqual(outcome.errorKind, kind, path)
      }
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("change nothing of what is our own fault, or refused", () =>
    Effect.gen(function* () {
      const conditions = down("[CONNECTED] == false")
      assert.deepStrictEqual(
        yield* check("http://10.0.0.1/", {}, { conditions }),
        unmeasured("blocked", TargetGuard.refusalMessage.private),
      )
      const server = yield* httpServer(json)
      const slow = check(server.url, {}, { conditions: degraded("[RESPONSE_TIME] < 0") })
      assert.deepStrictEqual(
        yield* Effect.provide(slow, testProber({ isBusy: true })),
        unmeasured("internal", "the checker was too busy to measure"),
      )
      const unread = yield* check(server.url, {}, { conditions: down("[TO_COME] == 1") })
      assert.strictEqual(unread.status, "Unknown")
      assert.include(unread.errorMessage ?? "", "a condition of this monitor cannot be read")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("know how long the certificate lasts", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const server = yield* httpServer(undefined, yield* authority.issue({ addresses: ["127.0.0.1"] }))
      const http = { certificateAuthority: authority.cert }
      const enough = yield* check(server.url, http, { conditions: down("[CERTIFICATE_EXPIRATION] > 48h") })
      assert.strictEqual(enough.status, "Up", enough.errorMessage ?? "")
      const short = yield* check(server.url, http, { conditions: degraded("[CERTIFICATE_EXPIRATION] > 90000d") })
      assert.strictEqual(short.status, "Degraded")
      assert.strictEqual(short.evidence?.certificate?.subject, "CN=leaf")
      const none = yield* httpServer()
      const missing = yield* check(none.url, {}, { conditions: down("[CERTIFICATE_EXPIRATION] > 48h") })
      assert.strictEqual(
        missing.errorMessage,
        "[CERTIFICATE_EXPIRATION] > 48h failed: [CERTIFICATE_EXPIRATION] was (none)",
      )
    }).pipe(Effect.provide(testProber())),
  )
})

describe("the body that conditions see", () => {
  const looking = { conditions: down("[BODY] contains needle") }

  it.scopedLive("is decoded where it comes compressed all the same", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((response, { path }) => {
        const encoding = path.slice(1)
        const body = Buffer.from("a needle in it")
        response.writeHead(200, { "content-encoding": encoding })
        response.end(
          encoding === "gzip" ? gzipSync(body) : encoding === "deflate" ? deflateSync(body) : "no such thing",
        )
      })
      assert.strictEqual((yield* check(`${server.url}/gzip`, {}, looking)).status, "Up")
      assert.strictEqual((yield* check(`${server.url}/deflate`, {}, looking)).status, "Up")
      for (const [path, word] of [
        ["/zstd", "cannot be read"],
        ["/br", "does not decode"],
      ] as const) {
        const outcome = yield* check(server.url + path, {}, looking)
        assert.strictEqual(outcome.errorKind, "body")
        assert.include(outcome.errorMessage ?? "", word)
        assert.strictEqual((yield* check(server.url + path)).status, "Up", "nobody looked at it")
      }
      assert.strictEqual(server.requests[0]?.headers["accept-encoding"], "identity")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("is its first mebibyte, of fifty or of a bomb, in time and in memory", () =>
    Effect.gen(function* () {
      const bomb = gzipSync(Buffer.alloc(50_000_000, "x"))
      const large = Buffer.alloc(50_000_000, "x")
      const server = yield* httpServer((response, { path }) => {
        if (path === "/bomb") response.writeHead(200, { "content-encoding": "gzip" }).end(bomb)
        else response.end(large)
      })
      for (const path of ["/bomb", "/large"]) {
        const before = process.memoryUsage().rss
        const [took, outcome] = yield* Effect.timed(check(server.url + path, {}, looking))
        assert.isBelow(Duration.toMillis(took), 5_000)
        assert.isBelow(process.memoryUsage().rss - before, 50_000_000, path)
        assert.strictEqual(outcome.errorKind, "condition", outcome.errorMessage ?? "")
        assert.isAtMost(outcome.errorMessage?.length ?? 0, 500)
        assert.strictEqual(outcome.evidence?.body, "x".repeat(2_048))
      }
      const length = yield* check(`${server.url}/large`, {}, { conditions: down("len([BODY]) == 1048576") })
      assert.strictEqual(length.status, "Up", length.errorMessage ?? "")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("is told to be cut where it is JSON that is longer", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((response) =>
        response.end(JSON.stringify({ list: "x".repeat(1_100_000), a: 1 })),
      )
      const outcome = yield* check(server.url, {}, { conditions: down("[BODY].a == 1") })
      assert.strictEqual(outcome.errorMessage, "[BODY].a == 1 failed: [BODY].a was (JSON longer than 1 MiB)")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("ends the check soon after its deadline at the latest, however hostile it and the condition are", () =>
    Effect.gen(function* () {
      const mebibyte = 1_048_576
      const bodies: Readonly<Record<string, string>> = {
        "/alike": "a".repeat(mebibyte),
        "/words": " abcdefghij".repeat(mebibyte / 11),
        "/json": `[[[${"1,".repeat(mebibyte / 2 - 8)}1]]]`,
      }
      const server = yield* httpServer((response, { path }) => {
        response.writeHead(200, { "content-type": "text/plain" }).write(bodies[path] ?? "")
        // Its end comes shortly before the time is up.
        setTimeout(() => response.end(), 300)
      })
      const again = `[${"0,".repeat(74)}0]`
      for (const [path, condition] of [
        ["/alike", "[BODY] matches (a+)+$"],
        ["/alike", "[BODY] matches (a|aa)+b"],
        ["/words", "[BODY] matches \\b(.{1,24}){1,9}[^a-j ]\\b"],
        ["/words", "[BODY] not matches [ab].{0,60}[0-9]"],
        ["/json", `[BODY].$${again.repeat(3)} != x`],
        ["/alike", `[BODY] not contains ${"a".repeat(190)}b${"a".repeat(280)}`],
      ] as const) {
        const conditions = down(...Array.from({ length: 20 }, () => condition))
        const before = process.memoryUsage().rss
        const cpuBefore = process.cpuUsage()
        const [took, outcome] = yield* Effect.timed(check(server.url + path, {}, { conditions, timeoutMs: 500 }))
        const { system, user } = process.cpuUsage(cpuBefore)
        // The second that conditions may take, of the processor, and what sending and reading a mebibyte takes.
        assert.isBelow((user + system) / 1_000, 1_500, condition)
        assert.isBelow(Duration.toMillis(took), 5_000, condition)
        assert.isBelow(process.memoryUsage().rss - before, 50_000_000, condition)
        assert.include(["Up", "Down"], outcome.status)
      }
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("may hold anything, and what is told of it can be stored", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((response) => response.end(Buffer.from([0, 0x61, 0xed, 0xa0, 0x80, 10, 0xff])))
      const outcome = yield* check(server.url, {}, { conditions: down("[BODY] == x") })
      assert.strictEqual(outcome.errorKind, "condition")
      for (const text of [outcome.errorMessage ?? "", outcome.evidence?.body ?? ""]) {
        assert.notInclude(text, "\u0000")
        assert.isTrue(text.isWellFormed())
      }
    }).pipe(Effect.provide(testProber())),
  )
})
