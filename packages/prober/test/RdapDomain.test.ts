import { assert, describe, it } from "@effect/vitest"
import { parseBootstrap } from "@uptime/prober/RdapBootstrap"
import { parseRegistration, rdapQuestions } from "@uptime/prober/RdapDomain"
import { FastCheck as fc } from "effect"
import { domainObject } from "./RdapServer.ts"

/** IANA's list in its own form (RFC 9224, section 4). */
const list = JSON.stringify({
  version: "1.0",
  publication: "2026-01-01T00:00:00Z",
  services: [
    [
      ["com", "NET"],
      ["http://rdap.example/com/", "https://rdap.example/com/"],
    ],
    [["uk"], ["https://rdap.example/uk"]],
    [["xn--p1ai"], ["https://rdap.example/"]],
    [["nothing"], []],
  ],
})

const servers = parseBootstrap(list) ?? new Map<string, string>()

describe("the list of RDAP servers", () => {
  it("names the server of each domain, over https where there is a choice", () =>
    assert.deepStrictEqual(
      [...servers],
      [
        ["com", "https://rdap.example/com/"],
        ["net", "https://rdap.example/com/"],
        ["uk", "https://rdap.example/uk/"],
        ["xn--p1ai", "https://rdap.example/"],
      ],
    ))

  it("is none when it is something else, or empty", () => {
    for (const text of [
      "",
      "<html>",
      "{}",
      '{"services":[]}',
      '{"services":[[["com"]]]}',
      '{"services":[[["com"],["ftp://x"]]]}',
    ]) {
      assert.isNull(parseBootstrap(text))
    }
  })

  it.prop("is read, or refused, whatever it is", [fc.oneof(fc.string(), fc.json())], ([text]) => {
    parseBootstrap(text)
    parseRegistration(text, "site.test")
  })
})

describe("what a registry is asked", () => {
  const domainsOf = (host: string) => rdapQuestions(host, servers).map(({ domain }) => domain)

  for (const [host, ...domains] of [
    ["example.com", "example.com"],
    ["WWW.Example.com", "example.com", "www.example.com"],
    ["example.co.uk", "example.co.uk", "co.uk"],
    ["www.example.co.uk", "example.co.uk", "co.uk", "www.example.co.uk"],
    ["www.example.uk", "example.uk", "www.example.uk"],
    ["a.b.c.d.e.f.com", "f.com", "e.f.com", "d.e.f.com", "c.d.e.f.com"],
    ["co.uk", "co.uk"],
    ["com"],
    ["localhost"],
    ["example.nowhere"],
  ] as const) {
    it(`is ${domains.join(", then ") || "nothing"} for ${host}`, () => assert.deepStrictEqual(domainsOf(host), domains))
  }

  it("goes to the server of the longest domain that has one", () => {
    const deeper = new Map([...servers, ["co.uk", "https://rdap.example/co-uk/"] as const])
    assert.deepStrictEqual(rdapQuestions("www.example.co.uk", deeper)[0], {
      domain: "example.co.uk",
      url: "https://rdap.example/co-uk/domain/example.co.uk",
    })
  })
})

describe("a registry's answer", () => {
  const end = Date.UTC(2031, 0, 2, 3, 4, 5)
  const read = (answer: unknown) => parseRegistration(JSON.stringify(answer), "site.test")

  it("says when the registration ends", () => {
    assert.deepStrictEqual(read(domainObject("site.test", end)), { expiresAt: end, isEnding: false })
    const byRegistrar = {
      objectClassName: "domain",
      events: [{ eventAction: "registrar expiration", eventDate: "2031-01-02T03:04:05Z" }],
    }
    assert.deepStrictEqual(read(byRegistrar), { expiresAt: end, isEnding: false })
  })

  it("may not say so", () => {
    assert.deepStrictEqual(read(domainObject("site.test", null)), { expiresAt: null, isEnding: false })
    const nonsense = { objectClassName: "domain", events: [{ eventAction: "expiration", eventDate: "soon" }] }
    assert.deepStrictEqual(read(nonsense), { expiresAt: null, isEnding: false })
  })

  it("says that the domain will be deleted", () => {
    for (const status of ["redemption period", "pending delete", "Pending Delete"]) {
      assert.deepStrictEqual(read(domainObject("site.test", end, [status])), { expiresAt: end, isEnding: true })
    }
  })

  it("is none when it is about another domain, or something else", () => {
    assert.isNull(read(domainObject("other.test", end)))
    assert.isNull(read({ objectClassName: "nameserver" }))
    assert.isNull(parseRegistration("not JSON", "site.test"))
    assert.isNull(parseRegistration("[".repeat(100_000), "site.test"))
  })
})
