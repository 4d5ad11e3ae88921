import { assert, describe, it } from "@effect/vitest"
import * as Certificates from "@uptime/testing/Certificates"
import { Effect } from "effect"
import { check, httpServer, sealed } from "./HttpServerFixture.ts"
import { testProber, verdict } from "./TestProber.ts"

const up = { status: "Up", httpStatus: 200, kind: null, message: null } as const
const names = { "site.test": [["127.0.0.1"]] }

describe("a check over https", () => {
  it.scopedLive("trusts the authorities that it brings, besides the usual ones, again and again", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const other = yield* Certificates.authorityOf("Another authority")
      const server = yield* httpServer(undefined, yield* authority.issue({ addresses: ["127.0.0.1"] }))
      const certificateAuthority = other.cert + authority.cert
      assert.strictEqual((yield* check(server.url)).errorKind, "tls")
      assert.deepStrictEqual(verdict(yield* check(server.url, { certificateAuthority })), up)
      assert.deepStrictEqual(verdict(yield* check(server.url, { certificateAuthority })), up)
      assert.strictEqual((yield* check(server.url, { certificateAuthority: other.cert })).errorKind, "tls")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("takes any certificate where it is told to, and records it all the same", () =>
    Effect.gen(function* () {
      const to = new Date("2021-01-01T00:00:00Z")
      const server = yield* httpServer(
        (response) => response.writeHead(500).end(),
        yield* Certificates.selfSigned({ names: ["other.test"], to }),
      )
      const strict = yield* check(`https://site.test:${server.port}/`)
      assert.strictEqual(strict.errorKind, "tls")
      const lax = yield* check(`https://site.test:${server.port}/`, { ignoreTls: true })
      assert.strictEqual(lax.errorMessage, "status 500")
      for (const { certificateExpiresAt, evidence } of [strict, lax]) {
        assert.strictEqual(certificateExpiresAt, to.getTime())
        assert.strictEqual(evidence?.certificate?.subject, "CN=self")
        assert.match(evidence?.certificate?.fingerprint ?? "", /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/)
      }
    }).pipe(Effect.provide(testProber({ names }))),
  )

  it.scopedLive("shows the client's certificate to a server that demands one", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const client = yield* authority.issue({ names: ["client"] })
      const pair = yield* authority.issue({ names: ["site.test"] })
      const server = yield* httpServer(undefined, { ...pair, ca: authority.cert, requestCert: true })
      const layer = testProber({ names, authorities: [authority.cert] })
      const url = `https://site.test:${server.port}/`
      const privateKey = yield* sealed(client.key)
      const without = yield* Effect.provide(check(url), layer)
      assert.strictEqual(without.errorKind, "tls")
      const outcome = yield* Effect.provide(
        check(url, { clientCertificate: { certificate: client.cert, privateKey } }),
        layer,
      )
      assert.deepStrictEqual(verdict(outcome), up)
      assert.strictEqual(server.requests[0]?.client, "leaf")
    }),
  )

  it.scopedLive("with a certificate or a key that is none says nothing about the target", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const [one, other] = [yield* authority.issue({}), yield* authority.issue({})]
      const server = yield* httpServer(undefined, yield* authority.issue({ addresses: ["127.0.0.1"] }))
      const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
      for (const http of [
        { clientCertificate: { certificate: one.cert, privateKey: yield* sealed(other.key) } },
        { clientCertificate: { certificate: one.cert, privateKey: yield* sealed("no key") } },
        { clientCertificate: { certificate: broken, privateKey: yield* sealed(one.key) } },
      ]) {
        const outcome = yield* check(server.url, http)
        assert.strictEqual(outcome.status, "Unknown")
        assert.match(outcome.errorMessage ?? "", /client certificate cannot be used/)
      }
      const outcome = yield* check(server.url, { certificateAuthority: broken })
      assert.strictEqual(outcome.status, "Unknown", outcome.errorMessage ?? "")
      assert.lengthOf(server.requests, 0)
    }).pipe(Effect.provide(testProber())),
  )
})
