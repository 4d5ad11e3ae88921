import { assert, describe, it } from "@effect/vitest"
import { type ChannelKind, PlainChannelConfig } from "@uptime/alerting/ChannelConfig"
import { channels } from "@uptime/alerting/Channels"
import { deliver, postMessage } from "@uptime/alerting/Delivery"
import { Mailer } from "@uptime/alerting/Mailer"
import { SubscriberHttp } from "@uptime/alerting/SubscriberHttp"
import { webhookAddress } from "@uptime/alerting/SubscriberWebhook"
import { GuardedHttp } from "@uptime/prober/GuardedHttp"
import type { TargetPolicy } from "@uptime/prober/TargetGuard"
import { innerHosts, innerNames } from "@uptime/testing/InnerListener"
import { textPlaces } from "@uptime/testing/TextPlaces"
import { Effect, Either, Layer, Option, Schema } from "effect"
import { anywhere, inside, outsideOnly } from "../../prober/test/Inside.ts"
import { opened } from "./Alerts.ts"

type World = Effect.Effect.Success<typeof inside>

/** What messages go out by, as the apps compose it. */
const senders = ({ resolver }: World, policy: TargetPolicy) =>
  Layer.merge(GuardedHttp.layerNoDeps(policy), Mailer.layerNoDeps(policy, { installation: Option.none() })).pipe(
    Layer.provide(resolver),
  )

const isConfig = Schema.is(PlainChannelConfig)

/** A channel that may lead inside, and by which field it was given where. */
interface Aimed {
  readonly config: PlainChannelConfig
  readonly field: string
}

/** A mail server listens on the port that is watched. */
const atPort = (config: PlainChannelConfig, port: number): PlainChannelConfig =>
  config.kind === "email" && config.server !== undefined
    ? { ...config, server: { ...config.server, port, security: "none" } }
    : config

/** Every place in every kind of channel at which a text stands. */
const places = PlainChannelConfig.members.flatMap(({ ast }) =>
  textPlaces(Schema.make<PlainChannelConfig, unknown>(ast)),
)

/** Every channel that the schemas take with one of these texts anywhere in it. */
const aimedBy = (port: number, texts: ReadonlyArray<string>): ReadonlyArray<Aimed> =>
  places.flatMap(({ name, put, value }) =>
    texts.flatMap((text): ReadonlyArray<Aimed> => {
      const config = put(text)
      if (!isConfig(config)) return []
      return [{ config: name === "server.host" ? atPort(config, port) : config, field: `${value.kind}.${name}` }]
    }),
  )

const deliverAll = (aimed: ReadonlyArray<Aimed>) =>
  Effect.forEach(aimed, ({ config }) => Effect.either(deliver(config, opened)), { concurrency: 40 })

const hosts = [...innerHosts, ...Object.keys(innerNames)]

/** The fields that decide where a message goes; a kind without one has a provider with one address. */
const destinations: ReadonlyArray<string> = [
  "webhook.url",
  "email.server.host",
  "slack.url",
  "discord.url",
  "teams.url",
  "ntfy.server",
  "gotify.server",
  "matrix.server",
  "mattermost.url",
  "googleChat.url",
  "rocketChat.url",
  "zulip.server",
  "homeAssistant.server",
  "grafanaOnCall.url",
  "alertmanager.server",
  "apprise.server",
]

const fixed: ReadonlyArray<ChannelKind> = ["telegram", "pagerduty", "opsgenie", "pushover", "twilioSms"]

describe.skipIf(process.platform !== "linux")("what is inside", () => {
  it.scopedLive(
    "would be reached by every field that names a server, were it allowed",
    () =>
      Effect.gen(function* () {
        const world = yield* inside
        const layer = senders(world, anywhere)
        const leading = new Set<string>()
        const aimed = aimedBy(world.port, [`http://127.0.0.1:${world.port}`, "127.0.0.1"])
        // One after the other, so that it is known which one it was.
        for (const one of aimed) {
          const before = world.visits()
          yield* Effect.provide(deliverAll([one]), layer)
          if (world.visits() > before) leading.add(one.field)
        }
        assert.deepStrictEqual([...leading].sort(), [...destinations].sort())
        const kinds = new Set<string | undefined>([...destinations.map((field) => field.split(".")[0]), ...fixed])
        assert.sameMembers([...kinds], Object.keys(channels))
      }),
    60_000,
  )

  it.scopedLive(
    "is reached by no channel, whatever it is told and whatever name servers say",
    () =>
      Effect.gen(function* () {
        const world = yield* inside
        const urls = hosts.map((host) => `http://${host}:${world.port}`)
        const names = hosts.map((host) => host.replace(/[[\]]/g, ""))
        const aimed = [
          ...aimedBy(world.port, [...urls, ...names]).filter(({ field }) => destinations.includes(field)),
          ...aimedBy(world.port, [urls[0] ?? "", `127.0.0.1:${world.port}`, "127.0.0.1", "inner4.test"]),
        ]
        assert.isAbove(aimed.length, 600)
        const outcomes = yield* Effect.provide(deliverAll(aimed), senders(world, outsideOnly))
        assert.strictEqual(world.visits(), 0)
        outcomes.forEach((outcome, i) => {
          if (!destinations.includes(aimed[i]?.field ?? "")) return
          assert.isTrue(Either.isLeft(outcome), aimed[i]?.field)
          if (Either.isLeft(outcome)) assert.notMatch(outcome.left.message, /127|::1|169/)
        })
      }),
    60_000,
  )

  it.scopedLive("is reached by no redirect that answers a message", () =>
    Effect.gen(function* () {
      const world = yield* inside
      const to = encodeURIComponent(`http://127.0.0.1:${world.port}/`)
      const texts = [301, 302, 303, 307, 308].map((code) => `${world.outer}/redirect/${code}?to=${to}`)
      const aimed = aimedBy(world.port, texts)
      assert.isAbove(aimed.length, 20)
      const outcomes = yield* Effect.provide(deliverAll(aimed), senders(world, outsideOnly))
      assert.strictEqual(world.visits(), 0)
      assert.isTrue(outcomes.some((outcome) => Either.isLeft(outcome) && outcome.left.message.includes("redirected")))
    }),
  )

  it.scopedLive("is reached by no webhook that visitors of status pages give", () =>
    Effect.gen(function* () {
      const world = yield* inside
      for (const host of innerHosts) {
        assert.isNull(webhookAddress(`https://${host}:${world.port}/`), host)
        for (const scheme of ["http", "https"]) {
          const url = `${scheme}://${host}:${world.port}/`
          const message = { _tag: "Http", method: "POST", url, headers: {}, body: "{}", signingSecret: null } as const
          const http = yield* SubscriberHttp
          const error = yield* Effect.flip(
            Effect.provideService(postMessage("webhook", message, "id"), GuardedHttp, http),
          )
          assert.isFalse(error.retryable, url)
        }
      }
      assert.strictEqual(world.visits(), 0)
    }).pipe(Effect.provide(SubscriberHttp.layer([]))),
  )
})
