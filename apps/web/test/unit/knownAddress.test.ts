import { assert, test } from "@effect/vitest"
import { pingIdIn, tokenIn } from "../../src/monitors/heartbeat/knownAddress.ts"

test("a token is found in a push URL, and is the text itself otherwise", () => {
  const token = "q1W2e3R4t5"
  for (const text of [token, ` ${token} `, `https://kuma.example.com/api/push/${token}?status=up&msg=OK&ping=`]) {
    assert.strictEqual(tokenIn(text), token, text)
  }
  assert.strictEqual(tokenIn("  "), "")
})

test("an id is found in a ping URL of any form, and is the text itself otherwise", () => {
  const id = "0190a5f4-0000-4000-8000-00000000000a"
  for (const text of [
    id,
    id.toUpperCase(),
    `https://hc-ping.com/${id}/start`,
    `curl 'https://hc.example.com/ping/${id}'`,
  ]) {
    assert.strictEqual(pingIdIn(text), id, text)
  }
  assert.strictEqual(pingIdIn(" 7 "), "7")
})
