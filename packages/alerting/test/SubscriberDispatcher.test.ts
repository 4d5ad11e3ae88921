import { createHmac } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import type { MailMessage } from "@uptime/alerting/Channel"
import { DeliveryFailed } from "@uptime/alerting/DeliveryFailed"
import { Mailer } from "@uptime/alerting/Mailer"
import { SubscriberDispatcher } from "@uptime/alerting/SubscriberDispatcher"
import { SubscriberHttp } from "@uptime/alerting/SubscriberHttp"
import { type PageMessage, PageOutbox } from "@uptime/persistence/PageOutbox"
import type { GuardedRequest } from "@uptime/prober/GuardedHttp"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { Effect, Either, Layer, Ref } from "effect"
import { message, page, toWebhook } from "./PageMessages.ts"

/** Secrets that are sealed by a mark before them. */
const secrets = Layer.mock(SecretBox, { unseal: ({ sealed }) => Either.right(sealed.replace("sealed:", "")) })

/** Dispatches messages; what was sent, and what was noted of each. */
const dispatched = (messages: ReadonlyArray<PageMessage>, publicUrl: string | null, failure?: DeliveryFailed) =>
  Effect.gen(function* () {
    const mails: Array<MailMessage> = []
    const noted: Array<readonly [id: number, what: string]> = []
    const left = yield* Ref.make(messages)
    const outbox: Partial<PageOutbox["Type"]> = {
      lease: (limit) => Ref.modify(left, (all) => [all.slice(0, limit), all.slice(limit)] as const),
      sent: (id) => Effect.sync(() => void noted.push([id, "sent"])),
      failed: (id, error, retryAfterMs) =>
        Effect.sync(() => {
          noted.push([id, `${error} ${retryAfterMs}`])
          return retryAfterMs === null ? ("dead" as const) : ("pending" as const)
        }),
    }
    const mailer = Layer.succeed(Mailer, {
      hasServer: true,
      send: (mail) => (failure === undefined ? Effect.sync(() => void mails.push(mail)) : Effect.fail(failure)),
    })
    const requests: Array<GuardedRequest> = []
    const http = Layer.succeed(SubscriberHttp, {
      request: (request) =>
        Effect.sync(() => {
          requests.push(request)
          return { status: 204, headers: {}, body: "", isTruncated: false }
        }),
    })
    const tried = yield* Effect.flatMap(SubscriberDispatcher, ({ dispatch }) => dispatch).pipe(
      Effect.provide(SubscriberDispatcher.layer({ publicUrl })),
      Effect.provide([Layer.mock(PageOutbox, outbox), mailer, http, secrets]),
    )
    return { mails, noted, requests, tried }
  })

describe("SubscriberDispatcher", () => {
  it.effect("sends each message once, with links to the page and out of it", () =>
    Effect.gen(function* () {
      const messages = Array.from({ length: 20 }, (_, i) => message(i + 1, { address: `a${i}@example.com` }))
      const { mails, noted, tried } = yield* dispatched(messages, "https://uptime.example")
      assert.strictEqual(tried, 20)
      assert.lengthOf(new Set(mails.map(({ messageName }) => messageName)), 20)
      assert.deepStrictEqual(new Set(noted.map(([, what]) => what)), new Set(["sent"]))
      const [mail] = mails
      assert.include(mail?.text, "We are at it")
      assert.include(mail?.text, "https://uptime.example/status/acme/incidents/")
      assert.strictEqual(mail?.unsubscribeUrl, `https://uptime.example/status/acme/unsubscribe?token=${"t".repeat(32)}`)
    }),
  )

  it.effect("links to the host name of a page that has one", () =>
    Effect.gen(function* () {
      const own = message(1, { page: { ...page, domain: "status.acme.example" } })
      const { mails } = yield* dispatched([own], null)
      assert.strictEqual(mails[0]?.unsubscribeUrl, `https://status.acme.example/unsubscribe?token=${"t".repeat(32)}`)
    }),
  )

  it.effect("signs what it sends to a webhook, under an identifier that is the same on every try", () =>
    Effect.gen(function* () {
      const secret = "whsec_c2VjcmV0"
      const webhook = toWebhook(5, { signingSecret: { sealed: `sealed:${secret}` } })
      const { mails, noted, requests } = yield* dispatched([webhook], "https://uptime.example")
      assert.deepStrictEqual(mails, [])
      assert.deepStrictEqual(noted, [[5, "sent"]])
      const [request] = requests
      assert.deepInclude(request, { method: "POST", url: "https://hooks.example.com/in" })
      const { "webhook-id": id = "", "webhook-timestamp": timestamp = "", ...headers } = request?.headers ?? {}
      assert.strictEqual(id, "page-7-5")
      const expected = createHmac("sha256", "secret").update(`${id}.${timestamp}.${request?.body}`).digest("base64")
      assert.strictEqual(headers["webhook-signature"], `v1,${expected}`)
      const unsigned = yield* dispatched([{ ...webhook, signingSecret: null }], "https://uptime.example")
      assert.deepStrictEqual([unsigned.requests.length, unsigned.noted[0]?.[1].endsWith("null")], [0, true])
    }),
  )

  it.effect("tries again what may be taken later, and gives up what never will", () =>
    Effect.gen(function* () {
      const busy = new DeliveryFailed({ retryable: true, retryAfterMs: null, message: "busy" })
      assert.deepStrictEqual((yield* dispatched([message(1)], "https://x.example", busy)).noted, [[1, "busy 5000"]])
      const refused = new DeliveryFailed({ retryable: false, retryAfterMs: null, message: "refused" })
      assert.deepStrictEqual((yield* dispatched([message(1)], "https://x.example", refused)).noted, [
        [1, "refused null"],
      ])
      const { mails, noted } = yield* dispatched([message(1)], null)
      assert.deepStrictEqual(mails, [])
      assert.match(noted[0]?.[1] ?? "", /PUBLIC_URL.* 5000$/)
    }),
  )
})
