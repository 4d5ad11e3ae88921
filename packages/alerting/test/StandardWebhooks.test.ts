import { assert, describe, it } from "@effect/vitest"
import { signatureHeaders } from "@uptime/alerting/StandardWebhooks"
import { FastCheck as fc } from "effect"
import { Webhook } from "standardwebhooks"

describe("a signature", () => {
  it.prop(
    "is what others verify, with a key in base64 or as it is",
    [fc.uint8Array({ minLength: 24, maxLength: 64 }), fc.uuid(), fc.json()],
    ([key, id, body]) => {
      const base64 = Buffer.from(key).toString("base64")
      const now = Date.now()
      const verify = (secret: string, webhook: Webhook) =>
        webhook.verify(body, { ...signatureHeaders(secret, id, now, body) })
      assert.deepEqual(verify(`whsec_${base64}`, new Webhook(base64)), JSON.parse(body))
      assert.deepEqual(verify(base64, new Webhook(base64, { format: "raw" })), JSON.parse(body))
    },
  )

  it("of another body, message or time is another one", () => {
    const now = Date.now()
    const headers = signatureHeaders("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "a", now, "{}")
    const webhook = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert.throws(() => webhook.verify('{"a":1}', { ...headers }))
    assert.throws(() => webhook.verify("{}", { ...headers, "webhook-id": "b" }))
    assert.throws(() => webhook.verify("{}", { ...headers, "webhook-timestamp": String(Math.floor(now / 1000) - 1) }))
  })
})
