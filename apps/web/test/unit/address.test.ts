import { assert, describe, it } from "@effect/vitest"
import { CheckKind } from "@uptime/domain/CheckKind"
import { parseMonitorUrl } from "@uptime/domain/MonitorUrl"
import { Either } from "effect"
import { addressOf } from "../../src/monitors/form/address.ts"
import { addressForKind, kindOfAddress } from "../../src/monitors/form/addressKind.ts"
import { kindChoice } from "../../src/monitors/form/kindChoices.ts"

describe("an address that is typed", () => {
  it("is a site by https where it names no scheme", () => {
    assert.strictEqual(addressOf(" example.com "), "https://example.com")
    assert.strictEqual(addressOf("localhost:8080/health"), "https://localhost:8080/health")
    assert.strictEqual(addressOf("http://example.com"), "http://example.com")
    assert.strictEqual(addressOf("TCP://db:5432"), "TCP://db:5432")
    assert.strictEqual(addressOf("heartbeat:"), "heartbeat:")
  })

  it("is of the scheme that is meant where it names none", () => {
    assert.strictEqual(addressOf("db:5432", "tcp"), "tcp://db:5432")
    assert.strictEqual(addressOf("example.com", "icmp"), "icmp://example.com")
  })

  it("says by its scheme what is checked", () => {
    assert.strictEqual(kindOfAddress("wss://example.com"), "websocket")
    assert.strictEqual(kindOfAddress(" REDISS://cache "), "redis")
    assert.isUndefined(kindOfAddress("example.com"))
    assert.isUndefined(kindOfAddress("gopher://example.com"))
    assert.isUndefined(kindOfAddress("constructor://example.com"))
  })

  it("is carried over to another kind", () => {
    assert.strictEqual(addressForKind("https://example.com/health?x=1", "ping"), "icmp://example.com")
    assert.strictEqual(addressForKind("https://example.com:8443/health", "tcp"), "tcp://example.com:8443")
    assert.strictEqual(addressForKind("tcp://example.com:8443", "dns"), "dns://example.com")
    assert.strictEqual(addressForKind("http://example.com", "http"), "http://example.com")
    assert.strictEqual(addressForKind("", "http"), "")
  })

  it("is one that can be checked, for the example of each kind", () => {
    for (const kind of CheckKind.literals) {
      const { example } = kindChoice(kind)
      assert.strictEqual(kindOfAddress(example), kind)
      assert.isTrue(Either.isRight(parseMonitorUrl(example)), example)
    }
  })
})
