import { assert, describe, it } from "@effect/vitest"
import { webhookReceiver } from "@uptime/testing/WebhookReceiver"
import { Effect } from "effect"

const send = (url: string, key: string, body: string) =>
  Effect.promise(async () => {
    const answer = await fetch(url, { method: "POST", body, headers: { "webhook-id": key } })
    return answer.status
  })

describe("the receiver of webhooks", () => {
  it.scopedLive("remembers what came, by the path of its channel, also what it refused", () =>
    Effect.gen(function* () {
      const receiver = yield* webhookReceiver
      assert.strictEqual(yield* send(`${receiver.url}/a`, "1", "first"), 200)
      yield* receiver.answer(503)
      assert.strictEqual(yield* send(`${receiver.url}/b`, "2", "second"), 503)
      assert.deepStrictEqual(
        (yield* receiver.received).map(({ body, key, path }) => [path, key, body]),
        [
          ["/a", "1", "first"],
          ["/b", "2", "second"],
        ],
      )
    }),
  )
})
