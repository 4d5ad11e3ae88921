import { assert, describe, it } from "@effect/vitest"
import { RecordType } from "@uptime/domain/checks/NameChecks"
import { areExpected, comparable, recordText } from "@uptime/prober/DnsRecord"
import type { Answer } from "dns-packet"
import { FastCheck as fc } from "effect"

const name = "site.test"

describe("a DNS record as text", () => {
  const records: ReadonlyArray<readonly [Answer, string | null]> = [
    [{ name, type: "A", data: "192.0.2.1" }, "192.0.2.1"],
    [{ name, type: "AAAA", data: "2001:db8::1" }, "2001:db8::1"],
    [{ name, type: "CNAME", data: "cdn.test" }, "cdn.test"],
    [{ name, type: "NS", data: "ns1.test" }, "ns1.test"],
    [{ name, type: "PTR", data: "host.test" }, "host.test"],
    [{ name, type: "MX", data: { preference: 10, exchange: "mail.test" } }, "10 mail.test"],
    [{ name, type: "SRV", data: { priority: 1, weight: 2, port: 443, target: "srv.test" } }, "1 2 443 srv.test"],
    [{ name, type: "CAA", data: { flags: 128, tag: "issue", value: "ca.test" } }, '128 issue "ca.test"'],
    [
      {
        name,
        type: "SOA",
        data: { mname: "ns.test", rname: "host.test", serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 },
      },
      "ns.test host.test 1 2 3 4 5",
    ],
    [{ name, type: "TXT", data: [Buffer.from("v=spf1 "), Buffer.from("-all")] }, "v=spf1 -all"],
    [{ name, type: "TXT", data: "two\nlines\u0000" }, "two\\010lines\\000"],
    [{ name, type: "HINFO", data: { cpu: "x", os: "y" } }, null],
  ]
  for (const [record, text] of records) {
    it(`is ${text} for ${record.type}`, () => assert.strictEqual(recordText(record), text))
  }
})

describe("two records", () => {
  const same: ReadonlyArray<readonly [RecordType, string, string]> = [
    ["A", " 192.0.2.1 ", "192.0.2.1"],
    ["AAAA", "2001:DB8:0:0::1", "2001:db8::1"],
    ["CNAME", "CDN.Test.", "cdn.test"],
    ["MX", "10   Mail.Test.", "10 mail.test"],
    ["MX", "0 .", "0 ."],
    ["SRV", "1 2 443 srv.test.", "1 2 443 SRV.test"],
    ["CAA", "0 issue ca.test", '0 ISSUE "ca.test."'],
    ["CAA", '0 issue "ca.test "', "0 issue ca.test"],
    ["CNAME", "cdn.test..", "cdn.test"],
    ["TXT", '"v=spf1 " "-all"', "v=spf1 -all"],
    ["TXT", '"key"', "key"],
  ]
  for (const [type, one, other] of same) {
    it(`are the same: ${type} ${one}, ${other}`, () =>
      assert.strictEqual(comparable(type, one), comparable(type, other)))
  }

  const different: ReadonlyArray<readonly [RecordType, string, string]> = [
    ["TXT", "p=AbC", "p=aBc"],
    ["TXT", "a  b", "a b"],
    ["MX", "10 mail.test", "20 mail.test"],
    ["A", "192.0.2.1", "192.0.2.10"],
  ]
  for (const [type, one, other] of different) {
    it(`differ: ${type} ${one}, ${other}`, () => assert.notStrictEqual(comparable(type, one), comparable(type, other)))
  }

  it.prop(
    "have one form, which stays what it is",
    [fc.constantFrom(...RecordType.literals), fc.string()],
    ([type, text]) => {
      const once = comparable(type, text)
      // Quotes within quotes are no strings of a zone file.
      if (type !== "TXT") assert.strictEqual(comparable(type, once), once)
      assert.isAtMost(once.length, text.length + 39)
    },
  )

  it("are told in no time, however long they are", () => {
    const startedAt = performance.now()
    comparable("TXT", `"${'" "'.repeat(20_000)}${" ".repeat(20_000)}x`)
    comparable("CAA", `${" ".repeat(60_000)}x`)
    assert.isBelow(performance.now() - startedAt, 200)
  })
})

describe("expected records", () => {
  const few = fc.array(fc.constantFrom("a.test", "B.test", "b.test.", "c.test"), { maxLength: 5 })
  it.prop(
    "are there as sets are",
    [few, fc.array(fc.constantFrom("A.test", "b.test", "c.test."), { minLength: 1, maxLength: 4 })],
    ([records, expected]) => {
      const simple = (texts: ReadonlyArray<string>) =>
        [...new Set(texts.map((text) => text.toLowerCase().replace(/\.$/, "")))].sort()
      const found = simple(records)
      const wanted = simple(expected)
      const holds = (match: "any" | "all" | "exactly") => areExpected({ match, records: expected }, "NS", records)
      assert.strictEqual(
        holds("any"),
        wanted.some((text) => found.includes(text)),
      )
      assert.strictEqual(
        holds("all"),
        wanted.every((text) => found.includes(text)),
      )
      assert.strictEqual(holds("exactly"), wanted.join() === found.join())
    },
  )
})
