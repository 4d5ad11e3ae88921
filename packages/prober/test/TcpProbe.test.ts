import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { tcpProbe } from "@uptime/prober/TcpProbe"
import * as Certificates from "@uptime/testing/Certificates"
import { rawServer } from "@uptime/testing/HostileServer"
import { Effect } from "effect"
import { probeServices } from "./ProbeServicesFixture.ts"
import { behavesAsSocketProbe } from "./SocketProbeSuite.ts"
import { inTime, onLine, phasesOf, said, silentServer, tlsServer } from "./SocketServers.ts"

const check = (host: string, tcp: CheckSpec["tcp"], timeoutMs = 3_000): CheckSpec => ({
  kind: "tcp",
  url: `tcp://${host}`,
  timeoutMs,
  ...(tcp === undefined ? {} : { tcp }),
})
const at = (port: number, tcp?: CheckSpec["tcp"]) => check(`127.0.0.1:${port}`, tcp)

const names = { "site.test": [["127.0.0.1"]], "site.test.": [["127.0.0.1"]], "other.test": [["127.0.0.1"]] }

describe("a TCP check", () => {
  it.scopedLive("is Up once it is connected, and hangs up", () =>
    Effect.gen(function* () {
      const server = yield* silentServer()
      const outcome = yield* inTime(tcpProbe, yield* probeServices({ names }), check(`site.test:${server.port}`, {}))
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.deepStrictEqual(phasesOf(outcome), ["dns", "connect"])
      assert.isNotNull(outcome.responseTimeMs)
      assert.isNull(outcome.evidence)
      yield* server.closed
      assert.strictEqual(server.heard(), "")
    }),
  )

  it.scopedLive("sends its bytes, and is Up when what it expects is in the answer", () =>
    Effect.gen(function* () {
      const heard: Array<string> = []
      const { port } = yield* rawServer((socket) =>
        socket.once("data", (bytes: Buffer) => {
          heard.push(bytes.toString("latin1"))
          // In two pieces, of which neither holds all of it.
          socket.write("some text, then \x00\xff o", "latin1", () => setTimeout(() => socket.write("k!"), 20))
        }),
      )
      const tcp = { send: "ping \\x00\\xff\\t\\\\ \u00e9\\r\\n", expect: "\\x00\\xff ok" }
      const outcome = yield* inTime(tcpProbe, yield* probeServices(), at(port, tcp))
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.deepStrictEqual(phasesOf(outcome), ["connect", "firstByte", "transfer"])
      assert.isAbove(outcome.phases.transfer ?? 0, 10)
      assert.deepStrictEqual(heard, ["ping \x00\xff\t\\ \xc3\xa9\r\n"])
    }),
  )

  it.scopedLive("sends its bytes where nothing is expected", () =>
    Effect.gen(function* () {
      const server = yield* silentServer()
      const outcome = yield* inTime(tcpProbe, yield* probeServices(), at(server.port, { send: "QUIT\\r\\n" }))
      assert.strictEqual(outcome.status, "Up")
      yield* server.closed
      assert.strictEqual(server.heard(), "QUIT\r\n")
    }),
  )

  it.scopedLive("is Down when another text is answered, and shows it", () =>
    Effect.gen(function* () {
      const { port } = yield* rawServer((socket) => socket.end("220 wrong\u0000 text"))
      const outcome = yield* inTime(tcpProbe, yield* probeServices(), at(port, { expect: "right" }))
      assert.deepStrictEqual(said(outcome), ["Down", "protocol", "connection closed before the expected text came"])
      assert.strictEqual(outcome.evidence?.body, "220 wrong text")
      assert.strictEqual(outcome.evidence?.address, "127.0.0.1")
    }),
  )

  it.scopedLive("looks at the first 64 KiB, to their last byte", () =>
    Effect.gen(function* () {
      const services = yield* probeServices()
      for (const [before, status] of [
        [65_536 - 6, "Up"],
        [65_536 - 5, "Down"],
      ] as const) {
        const { port } = yield* rawServer((socket) => socket.end(`${"x".repeat(before)}needle${"x".repeat(100)}`))
        const outcome = yield* inTime(tcpProbe, services, at(port, { expect: "needle" }))
        assert.strictEqual(outcome.status, status, String(outcome.errorMessage))
      }
    }),
  )

  it.scopedLive("reads what comes first when a condition looks at the body", () =>
    Effect.gen(function* () {
      const { port } = yield* rawServer((socket) => socket.write("SSH-2.0-Server\r\n"))
      const conditions = [{ condition: "[BODY] == pat(SSH-2.0-*)", severity: "Down" as const }]
      const outcome = yield* inTime(tcpProbe, yield* probeServices(), { ...at(port), conditions })
      assert.deepStrictEqual(phasesOf(outcome), ["connect", "firstByte", "transfer"])
    }),
  )
})

describe("a TCP check over TLS", () => {
  const greeting = { tls: true, expect: "hello" }

  it.scopedLive("is Up with a certificate that verifies, records it, and reads through it", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const { port } = yield* tlsServer(yield* authority.issue({ names: ["site.test"] }), (socket) =>
        socket.write("hello"),
      )
      const services = yield* probeServices({ names, authorities: [authority.cert] })
      const outcome = yield* inTime(tcpProbe, services, check(`site.test.:${port}`, greeting))
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.strictEqual(outcome.certificateExpiresAt, Certificates.end.getTime())
      assert.deepStrictEqual(phasesOf(outcome), ["dns", "connect", "tls", "firstByte", "transfer"])
    }),
  )

  it.scopedLive.each([
    ["has expired", "site.test", { names: ["site.test"], to: new Date("2021-01-01T00:00:00Z") }, "has expired"],
    ["is for another host", "other.test", { names: ["site.test"] }, "is for another host"],
  ] as const)("is Down with a certificate that %s, unless that is to be ignored", ([_, host, options, word]) =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const { port } = yield* tlsServer(yield* authority.issue(options), (socket) => socket.write("hello"))
      const services = yield* probeServices({ names, authorities: [authority.cert] })
      const outcome = yield* inTime(tcpProbe, services, check(`${host}:${port}`, greeting))
      assert.deepStrictEqual(said(outcome), ["Down", "tls", `the certificate ${word}`])
      assert.isNotNull(outcome.evidence?.certificate)
      const ignored = yield* inTime(tcpProbe, services, check(`${host}:${port}`, { ...greeting, ignoreTls: true }))
      assert.strictEqual(ignored.status, "Up")
      assert.isNotNull(ignored.certificateExpiresAt)
    }),
  )

  it.scopedLive("is Down at a port that speaks none", () =>
    Effect.gen(function* () {
      const { port } = yield* rawServer((socket) => socket.once("data", () => socket.end("hello")))
      const outcome = yield* inTime(tcpProbe, yield* probeServices(), at(port, greeting))
      assert.strictEqual(outcome.errorKind, "tls")
    }),
  )

  it.scopedLive("is Down when the connection is cut after the handshake", () =>
    Effect.gen(function* () {
      const { port } = yield* tlsServer(yield* Certificates.selfSigned({}), (socket) =>
        onLine(socket, () => socket.destroy()),
      )
      const outcome = yield* inTime(
        tcpProbe,
        yield* probeServices(),
        at(port, { ...greeting, ignoreTls: true, send: "x\\n" }),
      )
      assert.strictEqual(outcome.status, "Down")
      assert.strictEqual(outcome.errorKind, "connect")
    }),
  )
})

behavesAsSocketProbe({
  probe: tcpProbe,
  check: (host, timeoutMs) => check(host, { expect: "never there" }, timeoutMs),
  endless: [
    ["text", "", "x"],
    ["zeros", "", Buffer.alloc(64)],
    ["almost what is expected", "", "never ther"],
  ],
})
