import { assert, describe, it } from "@effect/vitest"
import type { RecordType } from "@uptime/domain/checks/NameChecks"
import { askedName, encodeQuestion, readAnswer } from "@uptime/prober/DnsMessage"
import { type Answer, decode, encode } from "dns-packet"
import { FastCheck as fc } from "effect"
import { answer } from "./NameServerFixture.ts"

const question = { id: 4_711, name: "site.test", type: "A" as const }
const query = decode(encodeQuestion(question, true))
const a = (name: string, data: string): Answer => ({ name, type: "A", data })
const alias = (name: string, data: string): Answer => ({ name, type: "CNAME", data })

const recordsOf = (answers: ReadonlyArray<Answer>) => {
  const read = readAnswer(answer(query, { answers }), question)
  return typeof read === "string" ? read : read.records
}

describe("the name that is asked for", () => {
  const names: ReadonlyArray<readonly [host: string, type: RecordType, name: string | null]> = [
    ["site.test", "A", "site.test"],
    ["site.test.", "A", "site.test"],
    ["_dmarc.site.test", "TXT", "_dmarc.site.test"],
    ["192.0.2.10", "PTR", "10.2.0.192.in-addr.arpa"],
    ["2001:db8::567:89ab", "PTR", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"],
    ["10.2.0.192.in-addr.arpa", "PTR", "10.2.0.192.in-addr.arpa"],
    ["site..test", "A", null],
    [`${"a".repeat(64)}.test`, "A", null],
    [Array.from({ length: 64 }, () => "abc").join("."), "A", null],
  ]
  for (const [host, type, name] of names) {
    it(`is ${name?.slice(0, 40)} for ${type} of ${host.slice(0, 40)}`, () =>
      assert.strictEqual(askedName(host, type), name))
  }
})

describe("an answer to a DNS question", () => {
  it("holds the records of the name, and those of what it is an alias of, in any order", () => {
    const records = [a("site.test", "192.0.2.1"), a("SITE.test", "192.0.2.2")]
    assert.deepStrictEqual(recordsOf(records), ["192.0.2.1", "192.0.2.2"])
    const chain = [alias("site.test", "cdn.test"), alias("cdn.test", "edge.test"), a("edge.test", "192.0.2.3")]
    assert.deepStrictEqual(recordsOf(chain), ["192.0.2.3"])
    assert.deepStrictEqual(recordsOf(chain.toReversed()), ["192.0.2.3"])
  })

  it("holds nothing of another name, another class, or a circle of aliases", () => {
    assert.deepStrictEqual(recordsOf([a("other.test", "192.0.2.1")]), [])
    assert.deepStrictEqual(recordsOf([{ name: "site.test", type: "A", data: "192.0.2.1", class: "CH" }]), [])
    assert.deepStrictEqual(recordsOf([alias("site.test", "b.test"), alias("b.test", "site.test")]), [])
  })

  it("is foreign with another id, another question, or when it is no answer", () => {
    for (const said of [{ id: 4_712 }, { name: "other.test" }]) {
      assert.strictEqual(readAnswer(answer(query, said), question), "foreign")
    }
    assert.strictEqual(readAnswer(encodeQuestion(question, true), question), "foreign")
    const ofOtherType = decode(encodeQuestion({ ...question, type: "AAAA" }, false))
    assert.strictEqual(readAnswer(answer(ofOtherType, {}), question), "foreign")
    assert.strictEqual(readAnswer(Buffer.from("no DNS"), question), "foreign")
  })

  it("names every response code, those that EDNS extends too", () => {
    const rcode = (code: number, extended: number) => {
      const bytes = encode({
        type: "response",
        id: question.id,
        flags: code,
        questions: [{ name: question.name, type: "A" }],
        additionals: [
          {
            type: "OPT",
            name: ".",
            udpPayloadSize: 512,
            extendedRcode: extended,
            ednsVersion: 0,
            flags: 0,
            flag_do: false,
            options: [],
          },
        ],
      })
      const read = readAnswer(bytes, question)
      return typeof read === "string" ? read : read.rcode
    }
    assert.deepStrictEqual(
      [rcode(3, 0), rcode(5, 0), rcode(0, 1), rcode(15, 0)],
      ["NXDOMAIN", "REFUSED", "BADVERS", "RCODE15"],
    )
  })

  it("may leave out a question that could not be read", () => {
    const bytes = encode({ type: "response", id: question.id, flags: 1, questions: [] })
    assert.deepInclude(readAnswer(bytes, question), { rcode: "FORMERR", hasEdns: false })
  })

  it("with a name thousands of steps away from each of thousands of records is not followed", () => {
    // Each pointer points to the one before it, and every record's name to the last of them.
    const head = Buffer.from(
      encode({ type: "response", id: question.id, questions: [{ name: "site.test", type: "A" }] }),
    )
    const steps = Array.from({ length: 8_000 }, (_, i) => 0xc000 | (i === 0 ? 12 : head.length + 12 + 2 * (i - 1)))
    const pointers = Buffer.alloc(2 * steps.length)
    for (const [i, step] of steps.entries()) pointers.writeUInt16BE(step, 2 * i)
    const first = Buffer.from([0, 0, 10, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    first.writeUInt16BE(pointers.length, 10)
    const record = Buffer.from([0xff, 0xff, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 1, 1, 1])
    record.writeUInt16BE(0xc000 | (head.length + 12 + 2 * (steps.length - 1)), 0)
    const times = Math.floor((65_535 - head.length - pointers.length) / record.length)
    head.writeUInt16BE(1 + times, 6)
    const bytes = Buffer.concat([head, first.subarray(1), pointers, ...Array.from({ length: times }, () => record)])
    const startedAt = performance.now()
    assert.strictEqual(readAnswer(bytes, question), "malformed")
    assert.isBelow(performance.now() - startedAt, 20)
  })

  const bytes = fc.uint8Array({ maxLength: 600 }).map((noise) => Buffer.from(noise))
  it.prop("is read, or refused, whatever it holds", [bytes, fc.integer({ min: 0, max: 11 })], ([noise, kept]) => {
    const good = answer(query, { answers: [alias("site.test", "b.test"), a("b.test", "192.0.2.1")] })
    // A header that is right up to a place, and then noise; and noise in the middle of an answer.
    readAnswer(Buffer.concat([good.subarray(0, kept), noise]), question)
    readAnswer(Buffer.concat([good.subarray(0, 12), noise]), question)
    readAnswer(Buffer.concat([good.subarray(0, 27 + kept), noise, good.subarray(30)]), question)
  })

  const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/)
  it.prop(
    "brings back what was asked",
    [
      fc.array(label, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 65_535 }),
      fc.array(fc.ipV4(), { maxLength: 20 }),
    ],
    ([labels, id, addresses]) => {
      const asked = { id, name: labels.join("."), type: "A" as const }
      const sent = decode(encodeQuestion(asked, true))
      const read = readAnswer(
        answer(sent, { answers: addresses.map((data) => a(asked.name.toUpperCase(), data)) }),
        asked,
      )
      assert.deepStrictEqual(read, { rcode: "NOERROR", isTruncated: false, hasEdns: true, records: addresses })
    },
  )
})
