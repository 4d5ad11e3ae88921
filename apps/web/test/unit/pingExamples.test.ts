import { assert, it } from "@effect/vitest"
import { pingExamples } from "../../src/monitors/heartbeat/pingExamples.ts"

it("examples call the addresses, each whole and in quotes, at the time that is expected", () => {
  const pingUrl = "https://uptime.example.com/ping/0190a5f4-0000-4000-8000-000000000001"
  const pushUrl = "https://uptime.example.com/api/push/abcdef"
  const examples = pingExamples({ pingUrl, pushUrl }, "*/5 * * * *")
  assert.isTrue(examples[0]?.text.startsWith("*/5 * * * * "))
  for (const { text } of examples) {
    assert.isTrue(text.includes(`'${pingUrl}`) || text.includes(`'${pushUrl}?`), text)
    assert.strictEqual(text.split("'").length % 2, 1, text)
  }
})
