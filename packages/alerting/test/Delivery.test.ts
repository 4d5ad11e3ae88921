import { assert, describe, it } from "@effect/vitest"
import type { ChannelKind, PlainChannelConfig } from "@uptime/alerting/ChannelConfig"
import { channels, isDelivered } from "@uptime/alerting/Channels"
import { deliver, deliveryTimeoutMs } from "@uptime/alerting/Delivery"
import type { DeliveryFailed } from "@uptime/alerting/DeliveryFailed"
import { Mailer } from "@uptime/alerting/Mailer"
import { GuardedHttp, GuardedHttpError } from "@uptime/prober/GuardedHttp"
import { publicOnly } from "@uptime/prober/TargetGuard"
import { Effect, Fiber, Layer, Option, TestClock } from "effect"
import { Webhook } from "standardwebhooks"
import { opened } from "./Alerts.ts"
import { acceptances, configs, secret } from "./Configs.ts"
import { type Answer, fakeResolver, guardedHttp, receiver, reroutedTo } from "./Receiver.ts"

const noMail = Layer.succeed(Mailer, Mailer.of({ send: () => Effect.dieMessage("no email here"), hasServer: true }))

const isKind = (name: string): name is ChannelKind => Object.hasOwn(channels, name)
const kinds = Object.keys(channels).filter(isKind)
const httpKinds = kinds.filter((kind) => kind !== "email")

/** What comes of a delivery to a receiver that answers so. */
const tried = (config: PlainChannelConfig, answer: Answer) =>
  Effect.gen(function* () {
    const there = yield* receiver
    there.answers(answer)
    return yield* Effect.flip(deliver(config, opened)).pipe(Effect.provide(Layer.merge(reroutedTo(there), noMail)))
  })

const isStorable = ({ message }: DeliveryFailed) => {
  assert.match(message, /^[\x20-\x7e]{1,300}$/)
  assert.notInclude(message, secret)
}

describe("a delivery", () => {
  const statuses: ReadonlyArray<readonly [number, boolean]> = [
    [301, false],
    [302, false],
    [304, false],
    [307, false],
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [405, false],
    [408, true],
    [409, false],
    [410, false],
    [413, false],
    [422, false],
    [425, true],
    [429, true],
    [451, false],
    [500, true],
    [501, true],
    [502, true],
    [503, true],
    [504, true],
    [522, true],
    [599, true],
  ]
  it.scopedLive.each(statuses)("that is answered by %d is tried again: %s", ([status, retryable]) =>
    Effect.gen(function* () {
      const error = yield* tried(configs.webhook, { status, body: `<b>${secret}</b>` })
      assert.strictEqual(error.retryable, retryable)
      assert.isNull(error.retryAfterMs)
      assert.include(error.message, String(status))
      isStorable(error)
    }),
  )

  const waits: ReadonlyArray<readonly [number, string, number | null]> = [
    [429, "30", 30_000],
    [503, "7200", 3_600_000],
    [503, "whenever", null],
    [500, "5", 5_000],
    [400, "30", null],
  ]
  it.scopedLive.each(waits)("that is answered by %d and Retry-After %s waits %s ms", ([status, value, ms]) =>
    Effect.gen(function* () {
      const error = yield* tried(configs.webhook, { status, headers: { "Retry-After": value } })
      assert.strictEqual(error.retryAfterMs, ms)
    }),
  )

  const telegramWaits: ReadonlyArray<readonly [string, number | null]> = [
    ['{"ok":false,"error_code":429,"parameters":{"retry_after":35}}', 35_000],
    ['{"ok":false,"parameters":{"retry_after":86400}}', 3_600_000],
    ['{"ok":false,"parameters":{"retry_after":"35"}}', null],
    ['{"ok":false,"parameters":{"migrate_to_chat_id":1}}', null],
    ['{"ok":false,"parameters":null}', null],
    ["Too Many Requests", null],
  ]
  it.scopedLive.each(telegramWaits)("that Telegram answers by %s waits %s ms", ([body, ms]) =>
    Effect.gen(function* () {
      const error = yield* tried(configs.telegram, { status: 429, body })
      assert.isTrue(error.retryable)
      assert.strictEqual(error.retryAfterMs, ms)
    }),
  )

  it.scopedLive("waits until the date that it is told", () =>
    Effect.gen(function* () {
      const at = new Date(Date.now() + 60_000).toUTCString()
      const { retryAfterMs } = yield* tried(configs.webhook, { status: 503, headers: { "Retry-After": at } })
      assert.isAtLeast(retryAfterMs ?? 0, 50_000)
      assert.isAtMost(retryAfterMs ?? 0, 60_000)
    }),
  )

  it.scopedLive.each(httpKinds)("by %s is done with the provider's own answer, and with no other", (kind) =>
    Effect.gen(function* () {
      const there = yield* receiver
      const layer = Layer.merge(reroutedTo(there), noMail)
      there.answers(acceptances[kind])
      yield* Effect.provide(deliver(configs[kind], opened), layer)
      assert.lengthOf(there.received(), 1)
      // With some the status says it all.
      if (isDelivered(kind, { status: 200, headers: {}, body: "", isTruncated: false })) return
      for (const body of ["", "<html>Welcome</html>", `{"ok":false,"status":0,"error":"${secret}"}`, "null", "[]"]) {
        there.answers({ body })
        const error = yield* Effect.flip(Effect.provide(deliver(configs[kind], opened), layer))
        assert.isFalse(error.retryable, body)
        isStorable(error)
      }
    }),
  )

  it.scopedLive("is done where the answer is JSON that is too long to be read", () =>
    Effect.gen(function* () {
      const there = yield* receiver
      const layer = Layer.merge(reroutedTo(there), noMail)
      there.answers({ body: JSON.stringify({ text: "x".repeat(60_000), ok: true }) })
      yield* Effect.provide(deliver(configs.telegram, opened), layer)
      there.answers({ body: JSON.stringify({ text: "x".repeat(200_000), ok: true }) })
      yield* Effect.provide(deliver(configs.telegram, opened), layer)
      there.answers({ body: `<html>${"x".repeat(200_000)}</html>` })
      const error = yield* Effect.flip(Effect.provide(deliver(configs.telegram, opened), layer))
      assert.isFalse(error.retryable)
    }),
  )

  it.scopedLive.each([
    [204, /^answered with status 204: it has no service to tell$/],
    [424, /^refused with status 424: at least one of its services was not told/],
  ] as const)("that Apprise answers by %d is final, and says what that means", ([status, message]) =>
    Effect.gen(function* () {
      const error = yield* tried(configs.apprise, { status, body: "" })
      assert.isFalse(error.retryable)
      assert.match(error.message, message)
      isStorable(error)
    }),
  )

  it.scoped("gives up on a receiver that says nothing, and closes the connection", () =>
    Effect.gen(function* () {
      const there = yield* receiver
      there.answers({ hangs: true })
      const layer = Layer.merge(reroutedTo(there), noMail)
      const fiber = yield* Effect.fork(Effect.flip(Effect.provide(deliver(configs.webhook, opened), layer)))
      yield* there.awaitReceived(1)
      yield* TestClock.adjust(deliveryTimeoutMs)
      const error = yield* Fiber.join(fiber)
      assert.isTrue(error.retryable)
      isStorable(error)
      yield* there.awaitClosed
    }),
  )

  it.scopedLive("to a receiver that is not there is tried again", () =>
    Effect.gen(function* () {
      const { port } = yield* Effect.scoped(receiver)
      const config = { ...configs.webhook, url: `http://127.0.0.1:${port}/${secret}` }
      const error = yield* Effect.flip(deliver(config, opened)).pipe(Effect.provide(Layer.merge(guardedHttp(), noMail)))
      assert.isTrue(error.retryable)
      assert.include(error.message, "connection refused")
      isStorable(error)
    }),
  )

  const reasons: ReadonlyArray<readonly [GuardedHttpError["reason"], boolean]> = [
    ["malformedUrl", false],
    ["malformedHeader", false],
    ["blocked", false],
    ["dns", true],
    ["connect", true],
    ["tls", true],
    ["protocol", true],
    ["timeout", true],
    ["internal", true],
  ]
  it.effect.each(reasons)("that ends as %s is tried again: %s", ([reason, retryable]) =>
    Effect.gen(function* () {
      const http = Layer.mock(GuardedHttp, {
        request: () => Effect.fail(new GuardedHttpError({ reason, message: "why" })),
      })
      const error = yield* Effect.flip(deliver(configs.slack, opened)).pipe(Effect.provide(Layer.merge(http, noMail)))
      assert.strictEqual(error.retryable, retryable)
      assert.include(error.message, "why")
    }),
  )

  it.effect("with a secret that is no URL, or no header, is not tried again", () =>
    Effect.gen(function* () {
      const broken: ReadonlyArray<PlainChannelConfig> = [
        { kind: "slack", url: `not a url ${secret}` },
        { kind: "slack", url: `https://user:${secret}@hooks.slack.com/` },
        { kind: "gotify", server: "https://gotify.example.com", token: `${secret}\r\nX-Evil: 1` },
        { kind: "opsgenie", apiKey: `\u{1f600}${secret}` },
      ]
      for (const config of broken) {
        const error = yield* Effect.flip(deliver(config, opened))
        assert.isFalse(error.retryable)
        isStorable(error)
      }
    }).pipe(Effect.provide(Layer.merge(guardedHttp(), noMail))),
  )
})

describe("the guard", () => {
  it.scopedLive("sends nothing to what is private or never a target, and it is not tried again", () =>
    Effect.gen(function* () {
      const there = yield* receiver
      const hosts = ["127.0.0.1", "[::1]", "169.254.169.254", "[::ffff:169.254.169.254]", "own.test", "metadata.test"]
      for (const host of hosts) {
        for (const config of [
          { ...configs.webhook, url: `http://${host}:${there.port}/` },
          { kind: "slack", url: `http://${host}:${there.port}/${secret}` },
          { ...configs.gotify, server: `http://${host}:${there.port}` },
        ] as const) {
          const error = yield* Effect.flip(deliver(config, opened))
          assert.isFalse(error.retryable, host)
          assert.notMatch(error.message, /127|169|::1/)
          isStorable(error)
        }
      }
      assert.lengthOf(there.received(), 0)
    }).pipe(
      Effect.provide(
        Layer.merge(
          guardedHttp(publicOnly, { "own.test": ["127.0.0.1"], "metadata.test": ["169.254.169.254"] }),
          noMail,
        ),
      ),
    ),
  )

  it.scopedLive("asks of email servers too", () =>
    Effect.gen(function* () {
      const server = { host: "own.test", port: 25, security: "none", from: "uptime@example.com" } as const
      const error = yield* Effect.flip(deliver({ ...configs.email, server }, opened))
      assert.isFalse(error.retryable)
      isStorable(error)
    }).pipe(
      Effect.provide(
        Layer.merge(
          guardedHttp(publicOnly),
          Mailer.layerNoDeps(publicOnly, { installation: Option.none() }).pipe(
            Layer.provide(fakeResolver({ "own.test": ["127.0.0.1"] })),
          ),
        ),
      ),
    ),
  )
})

describe("a signed webhook", () => {
  it.scopedLive("is verified by its receiver, anew on each try, under the same id", () =>
    Effect.gen(function* () {
      const there = yield* receiver
      const key = Buffer.from("a key of twenty-four bytes or more").toString("base64")
      const config = { ...configs.webhook, signingSecret: `whsec_${key}` }
      yield* Effect.repeatN(deliver(config, opened), 1).pipe(Effect.provide(Layer.merge(reroutedTo(there), noMail)))
      const [first, second] = there.received()
      for (const request of [first, second]) {
        const payload = new Webhook(key).verify(request?.body ?? "", { ...request?.headers })
        assert.deepEqual(payload, JSON.parse(request?.body ?? ""))
      }
      assert.strictEqual(first?.headers["webhook-id"], opened.idempotencyKey)
      assert.strictEqual(second?.headers["webhook-id"], opened.idempotencyKey)
    }),
  )

  it.scopedLive("is not signed without a secret, and cannot be signed by a header of the channel's", () =>
    Effect.gen(function* () {
      const there = yield* receiver
      const { signingSecret: _, ...config } = configs.webhook
      const headers = [{ name: "Webhook-Id", value: "forged" }]
      yield* deliver({ ...config, headers }, opened).pipe(Effect.provide(Layer.merge(reroutedTo(there), noMail)))
      const [request] = there.received()
      assert.isUndefined(request?.headers["webhook-signature"])
      assert.strictEqual(request?.headers["webhook-id"], opened.idempotencyKey)
    }),
  )
})
