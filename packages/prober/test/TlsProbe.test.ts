import type { DetailedPeerCertificate } from "node:tls"
import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { chainEnd } from "@uptime/prober/CertificateChain"
import { tlsProbe } from "@uptime/prober/TlsProbe"
import * as Certificates from "@uptime/testing/Certificates"
import { rawServer } from "@uptime/testing/HostileServer"
import { Clock, Effect } from "effect"
import { chainFor } from "./CertificateChains.ts"
import { probeServices } from "./ProbeServicesFixture.ts"
import { behavesAsSocketProbe } from "./SocketProbeSuite.ts"
import { inTime, phasesOf, said, tlsServer, upgraded } from "./SocketServers.ts"

const check = (host: string, tls: CheckSpec["tls"] = {}, timeoutMs = 3_000): CheckSpec => ({
  kind: "tls",
  url: `tls://${host}`,
  timeoutMs,
  tls,
})

const names = { "site.test": [["127.0.0.1"]], "10.test": [["127.0.0.1"]] }
const dayMs = 86_400_000
const inDays = (days: number) =>
  Effect.map(Clock.currentTimeMillis, (now) => new Date(Math.floor((now + days * dayMs) / 1_000) * 1_000))

/** The outcome of a check of a certificate that its authority has issued by these options. */
const checkOf = (options: Certificates.CertificateOptions, tls: CheckSpec["tls"] = {}, host = "site.test") =>
  Effect.gen(function* () {
    const authority = yield* Certificates.authority
    const { port } = yield* tlsServer(yield* authority.issue(options), () => undefined)
    const services = yield* probeServices({ names, authorities: [authority.cert] })
    return yield* inTime(tlsProbe, services, check(`${host}:${port}`, tls))
  })

describe("a check of a certificate", () => {
  it.scopedLive("is Up while it verifies and lasts, and measures the handshake", () =>
    Effect.gen(function* () {
      const outcome = yield* checkOf({ names: ["site.test"] })
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.deepStrictEqual(phasesOf(outcome), ["dns", "connect", "tls"])
      assert.strictEqual(outcome.certificateExpiresAt, Certificates.end.getTime())
    }),
  )

  it.scopedLive.each([
    [10.5, undefined, "Degraded", "the certificate ends in 10 days"],
    [1.5, undefined, "Degraded", "the certificate ends in 1 day"],
    [0.5, undefined, "Degraded", "the certificate ends within a day"],
    [14.5, undefined, "Up", null],
    [10.5, 0, "Up", null],
    [0.5, 0, "Up", null],
    [30.5, 31, "Degraded", "the certificate ends in 30 days"],
    [30.5, 30, "Up", null],
  ] as const)("that ends in %d days, with a warning %s days before, is %s", ([days, warnDays, status, message]) =>
    Effect.gen(function* () {
      const to = yield* inDays(days)
      const outcome = yield* checkOf({ names: ["site.test"], to }, warnDays === undefined ? {} : { warnDays })
      assert.deepStrictEqual(said(outcome), [status, status === "Up" ? null : "tls", message])
      assert.strictEqual(outcome.certificateExpiresAt, to.getTime())
      assert.strictEqual(outcome.evidence === null, status === "Up")
    }),
  )

  it.scopedLive("is judged by a condition on its end in place of the usual warning, which may still be asked for", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const pair = yield* authority.issue({ names: ["site.test"], to: yield* inDays(5.5) })
      const { port } = yield* tlsServer(pair, () => undefined)
      const services = yield* probeServices({ names, authorities: [authority.cert] })
      const judged = (condition: string, tls: CheckSpec["tls"] = {}) =>
        Effect.map(
          inTime(tlsProbe, services, {
            ...check(`site.test:${port}`, tls),
            conditions: [{ condition, severity: "Degraded" }],
          }),
          said,
        )
      assert.deepStrictEqual(yield* judged("[CERTIFICATE_EXPIRATION] > 3d"), ["Up", null, null])
      const [status, kind] = yield* judged("[CERTIFICATE_EXPIRATION] > 6d")
      assert.deepStrictEqual([status, kind], ["Degraded", "condition"])
      const usual = ["Degraded", "tls", "the certificate ends in 5 days"] as const
      assert.deepStrictEqual(yield* judged("[CERTIFICATE_EXPIRATION] > 3d", { warnDays: 14 }), [...usual])
      assert.deepStrictEqual(yield* judged("[CONNECTED] == true"), [...usual])
    }),
  )

  it.scopedLive.each([
    ["has expired", { names: ["site.test"], to: new Date("2021-01-01T00:00:00Z") }],
    ["is not valid yet", { names: ["site.test"], from: new Date("2119-01-01T00:00:00Z") }],
    ["is for another host", { names: ["other.test"] }],
  ] as const)("is Down when it %s, and shows it", ([word, options]) =>
    Effect.gen(function* () {
      const outcome = yield* checkOf(options)
      assert.deepStrictEqual(said(outcome), ["Down", "tls", `the certificate ${word}`])
      assert.strictEqual(outcome.evidence?.certificate?.subject, "CN=leaf")
    }),
  )

  it.scopedLive("is Down when it vouches for itself", () =>
    Effect.gen(function* () {
      const { port } = yield* tlsServer(yield* Certificates.selfSigned({ names: ["site.test"] }), () => undefined)
      const outcome = yield* inTime(tlsProbe, yield* probeServices({ names }), check(`site.test:${port}`))
      assert.deepStrictEqual(said(outcome), ["Down", "tls", "the certificate is self-signed"])
    }),
  )

  it.scopedLive("must be for the server name that is given, whatever host is dialled", () =>
    Effect.gen(function* () {
      const outcome = yield* checkOf({ names: ["www.example.test"] }, { serverName: "www.example.test" })
      assert.strictEqual(outcome.status, "Up")
      const other = yield* checkOf({ names: ["site.test"] }, { serverName: "www.example.test" })
      assert.strictEqual(other.errorKind, "tls")
    }),
  )

  it.scopedLive("counts the earliest end of the chain, whichever certificate has it", () =>
    Effect.gen(function* () {
      const soon = yield* inDays(5.5)
      const later = yield* inDays(400)
      for (const [ends, message] of [
        [{ leaf: later, intermediate: soon, root: later }, "a certificate of the chain ends in 5 days"],
        [{ leaf: later, intermediate: later, root: soon }, "a certificate of the chain ends in 5 days"],
        [{ leaf: soon, intermediate: later, root: later }, "the certificate ends in 5 days"],
      ] as const) {
        const { pair, root } = yield* chainFor("site.test", ends)
        const { port } = yield* tlsServer(pair, () => undefined)
        const services = yield* probeServices({ names, authorities: [root] })
        const outcome = yield* inTime(tlsProbe, services, check(`site.test:${port}`))
        assert.deepStrictEqual(said(outcome), ["Degraded", "tls", message])
        assert.strictEqual(outcome.certificateExpiresAt, soon.getTime())
      }
    }),
  )

  it.scopedLive("is Down when an intermediate has expired", () =>
    Effect.gen(function* () {
      const later = yield* inDays(400)
      const ends = { leaf: later, intermediate: new Date("2021-01-01T00:00:00Z"), root: later }
      const { pair, root } = yield* chainFor("site.test", ends)
      const { port } = yield* tlsServer(pair, () => undefined)
      const services = yield* probeServices({ names, authorities: [root] })
      const outcome = yield* inTime(tlsProbe, services, check(`site.test:${port}`))
      assert.deepStrictEqual(said(outcome), ["Down", "tls", "the certificate has expired"])
    }),
  )

  it.scopedLive("is seen after a protocol's own request for TLS", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const pair = yield* authority.issue({ names: ["site.test"] })
      const { port } = yield* rawServer((socket) => {
        socket.write("+OK ready\r\n")
        socket.once("data", () => {
          socket.write("+OK begin\r\n")
          upgraded(socket, pair)
        })
      })
      const services = yield* probeServices({ names, authorities: [authority.cert] })
      const outcome = yield* inTime(tlsProbe, services, check(`site.test:${port}`, { startTls: "pop3" }))
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.strictEqual(outcome.certificateExpiresAt, Certificates.end.getTime())
    }),
  )

  it.scopedLive("is Down at a port that speaks no TLS, or hangs up", () =>
    Effect.gen(function* () {
      const services = yield* probeServices()
      const plain = yield* rawServer((socket) => socket.end("220 hello\r\n"))
      const closing = yield* rawServer((socket) => socket.once("data", () => socket.end()))
      for (const { port } of [plain, closing]) {
        const outcome = yield* inTime(tlsProbe, services, check(`127.0.0.1:${port}`))
        assert.deepStrictEqual([outcome.status, outcome.errorKind], ["Down", "tls"])
      }
    }),
  )
})

/** A certificate as Node gives it, with no more in it than its end. */
const endingAt = (validTo: string): DetailedPeerCertificate => {
  const certificate = Object.create(null)
  certificate.valid_to = validTo
  return certificate
}

describe("the end of a chain", () => {
  const now = Date.parse("2026-01-01T00:00:00Z")

  it("is found in a chain that ends in a circle, or not at all", () => {
    const leaf = endingAt("Jan  1 00:00:00 2028 GMT")
    const issuer = endingAt("Jan  1 00:00:00 2027 GMT")
    leaf.issuerCertificate = issuer
    issuer.issuerCertificate = leaf
    assert.deepStrictEqual(chainEnd(leaf, now), { endsAt: Date.parse("2027-01-01T00:00:00Z"), isOwn: false })
    const endless = endingAt("Jan  1 00:00:00 2028 GMT")
    Object.defineProperty(endless, "issuerCertificate", { get: () => Object.create(endless) })
    assert.deepStrictEqual(chainEnd(endless, now), { endsAt: Date.parse("2028-01-01T00:00:00Z"), isOwn: true })
  })

  it("passes over an issuer that has ended already, and certificates that do not say when", () => {
    const leaf = endingAt("Jan  1 00:00:00 2028 GMT")
    leaf.issuerCertificate = endingAt("Sep 30 14:01:15 2021 GMT")
    assert.deepStrictEqual(chainEnd(leaf, now), { endsAt: Date.parse("2028-01-01T00:00:00Z"), isOwn: true })
    assert.isNull(chainEnd(endingAt("nonsense"), now))
  })
})

behavesAsSocketProbe({
  probe: tlsProbe,
  check: (host, timeoutMs) => check(host, { startTls: "imap" }, timeoutMs),
  endless: [["greetings", "* OK hello\r\n", "* CAPABILITY IMAP4rev1\r\n"]],
})
