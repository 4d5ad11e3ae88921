import { assert, describe, it } from "@effect/vitest"
import { dnsRecord, pageAddress } from "../../src/statusPages/pageAddress.ts"

describe("the address of a status page", () => {
  it("is the page's own host name, once that is proven", () => {
    const origin = "https://up.example.org"
    const record = { type: "TXT", name: "_uptime-challenge.status.acme.com", value: "token" } as const
    const customDomain = { host: "status.acme.com", record, checkedAt: null, provenAt: null }
    const below = "https://up.example.org/status/acme"
    assert.strictEqual(pageAddress({ customDomain: null, slug: "acme" }, origin), below)
    for (const state of ["pending", "expired"] as const) {
      assert.strictEqual(pageAddress({ customDomain: { ...customDomain, state }, slug: "acme" }, origin), below)
    }
    const proven = { ...customDomain, state: "proven" } as const
    assert.strictEqual(pageAddress({ customDomain: proven, slug: "acme" }, origin), "https://status.acme.com")
  })

  it("is led to this installation by an alias, or by its address", () => {
    const name = "status.acme.com."
    const record = (host: string) => dnsRecord("status.acme.com", host)
    assert.deepStrictEqual(record("up.acme.net"), { type: "CNAME", name, value: "up.acme.net." })
    assert.deepStrictEqual(record("203.0.113.7"), { type: "A", name, value: "203.0.113.7" })
    assert.deepStrictEqual(record("[2a01:4f8::1]"), { type: "AAAA", name, value: "2a01:4f8::1" })
  })

  it("is led nowhere by names and addresses that mean nothing elsewhere", () => {
    for (const host of [
      "localhost",
      "up.localhost",
      "nas.local",
      "127.0.0.1",
      "10.1.2.3",
      "192.168.1.5",
      "172.20.0.2",
      "[::1]",
      "[fd00::1]",
      "[fe80::1]",
    ]) {
      assert.isNull(dnsRecord("status.acme.com", host), host)
    }
  })
})
