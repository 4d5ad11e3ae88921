import { assert, describe, it } from "@effect/vitest"
import type { Alert } from "@uptime/alerting/Alert"
import type { PlainChannelConfig } from "@uptime/alerting/ChannelConfig"
import { deliver, deliveryTimeoutMs } from "@uptime/alerting/Delivery"
import { Mailer } from "@uptime/alerting/Mailer"
import { GuardedHttp, GuardedHttpError, type GuardedRequest } from "@uptime/prober/GuardedHttp"
import { Effect, Layer } from "effect"
import { opened, reminder, resolved, updatedLater } from "./Alerts.ts"
import { configs, secret } from "./Configs.ts"

const emergency: PlainChannelConfig = { ...configs.pushover, priority: 2 }
const acknowledged: Alert = { ...opened, change: "acknowledged", acknowledgedBy: "Ann" }

const cancel = `/1/receipts/cancel_by_tag/${opened.incidentId}.json`
const message = "/1/messages.json"

const taken = Effect.succeed({ status: 200, headers: {}, body: '{"status":1}', isTruncated: false })
const refused = Effect.succeed({ status: 404, headers: {}, body: '{"status":0}', isTruncated: false })
const away = Effect.fail(new GuardedHttpError({ reason: "connect", message: "connection refused" }))

/** What Pushover is asked when it is told of alerts, and answers so to a cancellation; and how the last delivery ended. */
const told = (config: PlainChannelConfig, answer: typeof taken | typeof away, ...alerts: ReadonlyArray<Alert>) =>
  Effect.gen(function* () {
    const requests: Array<GuardedRequest> = []
    const http = GuardedHttp.of({
      request: (request) =>
        Effect.suspend(() => {
          requests.push(request)
          return new URL(request.url).pathname.includes("cancel_by_tag") ? answer : taken
        }),
    })
    const ended = yield* Effect.forEach(alerts, (alert) => Effect.either(deliver(config, alert))).pipe(
      Effect.provide(Layer.merge(Layer.succeed(GuardedHttp, http), Layer.mock(Mailer, { hasServer: false }))),
    )
    return {
      ended: ended.map(({ _tag }) => _tag),
      paths: requests.map(({ url }) => new URL(url).pathname),
      forms: requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body))),
      timeouts: requests.map(({ timeoutMs }) => timeoutMs),
    }
  })

describe("an emergency at Pushover", () => {
  it.effect("is repeated until somebody confirms it, every message of it under the incident's tag", () =>
    Effect.gen(function* () {
      const { forms, paths } = yield* told(emergency, taken, opened, reminder)
      assert.deepStrictEqual(paths, [message, message])
      for (const form of forms) {
        assert.deepInclude(form, { priority: "2", retry: "60", expire: "3600", tags: opened.incidentId })
      }
    }),
  )

  it.effect.each([
    ["somebody is at it", acknowledged],
    ["it is over", resolved],
    ["it was over before the end was told", updatedLater],
  ] as const)("stops when %s, and what says so rings nobody", ([, alert]) =>
    Effect.gen(function* () {
      const { forms, paths, timeouts } = yield* told(emergency, taken, alert)
      assert.deepStrictEqual(paths, [cancel, message])
      assert.deepStrictEqual(forms[0], { token: secret })
      assert.strictEqual(forms[1]?.["priority"], "0")
      assert.notProperty(forms[1], "tags")
      assert.strictEqual(
        timeouts.reduce((sum, each) => sum + each, 0),
        deliveryTimeoutMs,
      )
    }),
  )

  it.effect("that cannot be stopped for now is stopped, and told, at the next try", () =>
    Effect.gen(function* () {
      const { ended, paths } = yield* told(emergency, away, resolved)
      assert.deepStrictEqual([ended, paths], [["Left"], [cancel]])
    }),
  )

  it.effect("that is refused to be stopped holds nothing up", () =>
    Effect.gen(function* () {
      const { ended, paths } = yield* told(emergency, refused, resolved)
      assert.deepStrictEqual([ended, paths], [["Right"], [cancel, message]])
    }),
  )

  it.effect("that is not asked for is none, and good news is no louder than bad", () =>
    Effect.gen(function* () {
      const { forms } = yield* told({ ...configs.pushover, priority: -1 }, taken, opened, acknowledged, resolved)
      assert.deepStrictEqual(
        forms.map(({ priority }) => priority),
        ["-1", "-1", "-1"],
      )
    }),
  )

  it.effect("that is not asked for need not be stopped", () =>
    Effect.gen(function* () {
      const { paths } = yield* told(configs.pushover, taken, opened, acknowledged, resolved)
      assert.deepStrictEqual(paths, [message, message, message])
    }),
  )
})
