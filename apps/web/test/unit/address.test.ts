import { assert, it } from "@effect/vitest"
import { addressOf } from "../../src/monitors/form/address.ts"

it("what is typed without a scheme is a site by https", () => {
  assert.strictEqual(addressOf(" example.com "), "https://example.com")
  assert.strictEqual(addressOf("localhost:8080/health"), "https://localhost:8080/health")
  assert.strictEqual(addressOf("http://example.com"), "http://example.com")
  assert.strictEqual(addressOf("TCP://db:5432"), "TCP://db:5432")
  assert.strictEqual(addressOf("heartbeat:"), "heartbeat:")
})
