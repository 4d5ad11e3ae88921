import { assert, describe, it } from "@effect/vitest"
import { ChannelConfig, type ChannelKind, StoredChannelConfig } from "@uptime/alerting/ChannelConfig"
import { sealSecrets, unsealSecrets } from "@uptime/alerting/ChannelSecrets"
import { channels, labelOf } from "@uptime/alerting/Channels"
import { secretMask } from "@uptime/domain/SecretMask"
import { Effect, Either, Schema } from "effect"
import { configs, secret } from "./Configs.ts"

const decode = Schema.decodeUnknown(ChannelConfig, { onExcessProperty: "error" })
const encode = Schema.encode(ChannelConfig)
const decodeStored = Schema.decodeUnknown(StoredChannelConfig, { onExcessProperty: "error" })

const seal = (text: string) => Effect.succeed({ sealed: Buffer.from(text).toString("base64") })
const unseal = ({ sealed }: { readonly sealed: string }) => Either.right(Buffer.from(sealed, "base64").toString())

const isKind = (name: string): name is ChannelKind => Object.hasOwn(channels, name)
const kinds = Object.keys(channels).filter(isKind)

describe.each(kinds)("the settings of %s", (kind) => {
  it.effect("are stored with sealed secrets, read back as they were, and shown without them", () =>
    Effect.gen(function* () {
      const given = yield* decode(configs[kind])
      const stored = yield* sealSecrets(given, null, seal)
      const json = JSON.stringify(stored)
      assert.notInclude(json, secret)
      assert.deepStrictEqual(yield* decodeStored(JSON.parse(json)), stored)
      assert.deepStrictEqual(yield* unsealSecrets(stored, unseal), configs[kind])
      const shown = yield* encode(stored)
      assert.notInclude(JSON.stringify(shown), secret)
      if (kind !== "email") assert.include(JSON.stringify(shown), secretMask)
      assert.notInclude(JSON.stringify(shown), "sealed")
    }),
  )

  it.effect("stay what they are when what was shown is sent back", () =>
    Effect.gen(function* () {
      const stored = yield* sealSecrets(yield* decode(configs[kind]), null, seal)
      const again = yield* decode(yield* encode(stored))
      const never = () => Effect.dieMessage("nothing is sealed anew")
      assert.deepStrictEqual(yield* sealSecrets(again, stored, never), stored)
    }),
  )

  it("have a name that people know", () => assert.match(labelOf(kind), /^[A-Za-z][A-Za-z. ]+$/))
})

describe("a secret that is kept", () => {
  it.effect("is missing in a new channel", () =>
    Effect.gen(function* () {
      const config = yield* decode({ kind: "ntfy", topic: "a", auth: { type: "bearer", token: secretMask } })
      const error = yield* Effect.flip(sealSecrets(config, null, seal))
      assert.strictEqual(error.field, "auth.token")
      assert.include(error.message, "give it in full")
    }),
  )

  it.effect("is missing in a channel that was of another kind", () =>
    Effect.gen(function* () {
      const slack = yield* sealSecrets(yield* decode(configs.slack), null, seal)
      const discord = yield* decode({ kind: "discord", url: secretMask })
      assert.strictEqual((yield* Effect.flip(sealSecrets(discord, slack, seal))).field, "url")
    }),
  )

  it.effect("belongs to the header of its name, wherever that moved", () =>
    Effect.gen(function* () {
      const headers = (values: ReadonlyArray<readonly [string, string]>) =>
        decode({
          kind: "webhook",
          url: "https://hooks.example.com/",
          secretHeaders: values.map(([name, value]) => ({ name, value })),
        })
      const before = yield* sealSecrets(
        yield* headers([
          ["X-A", "a"],
          ["X-B", "b"],
        ]),
        null,
        seal,
      )
      const edited = yield* headers([
        ["X-B", secretMask],
        ["X-C", "c"],
      ])
      const after = yield* unsealSecrets(yield* sealSecrets(edited, before, seal), unseal)
      assert.deepStrictEqual(after.kind === "webhook" ? after.secretHeaders : [], [
        { name: "X-B", value: "b" },
        { name: "X-C", value: "c" },
      ])
    }),
  )
})

describe("a secret that is kept while messages would go elsewhere", () => {
  const token = { type: "bearer", token: "t" }
  const kept = { type: "bearer", token: secretMask }
  const mail = { host: "mail.example.com", from: "a@example.com", auth: { username: "a", password: "p" } }
  const keptMail = { ...mail, auth: { username: "a", password: secretMask } }
  const to = ["a@example.com"]
  const webhook = { kind: "webhook", url: "https://a.example/", signingSecret: "s" }
  const moved: ReadonlyArray<readonly [before: unknown, edited: unknown, field: string]> = [
    [configs.gotify, { ...configs.gotify, server: "https://evil.example", token: secretMask }, "token"],
    [configs.matrix, { ...configs.matrix, server: "https://evil.example", token: secretMask }, "token"],
    [
      { kind: "ntfy", topic: "a", auth: token },
      { kind: "ntfy", topic: "a", server: "https://e.example", auth: kept },
      "auth.token",
    ],
    [
      { kind: "ntfy", topic: "a", server: "https://a.example", auth: token },
      { kind: "ntfy", topic: "a", auth: kept },
      "auth.token",
    ],
    [webhook, { ...webhook, url: "https://evil.example/", signingSecret: secretMask }, "signingSecret"],
    [
      { kind: "email", to, server: mail },
      { kind: "email", to, server: { ...keptMail, host: "evil.example" } },
      "server.auth.password",
    ],
    [
      { kind: "email", to, server: mail },
      { kind: "email", to, server: { ...keptMail, port: 2525 } },
      "server.auth.password",
    ],
    [
      { kind: "email", to, server: mail },
      { kind: "email", to, server: { ...keptMail, security: "none" } },
      "server.auth.password",
    ],
  ]
  it.effect.each(moved)("is refused, and given anew is taken: %j to %j", ([before, edited, field]) =>
    Effect.gen(function* () {
      const stored = yield* sealSecrets(yield* decode(before), null, seal)
      const error = yield* Effect.flip(sealSecrets(yield* decode(edited), stored, seal))
      assert.strictEqual(error.field, field)
      assert.include(error.message, "kept only while messages go where they did")
      const given: unknown = JSON.parse(JSON.stringify(edited).replaceAll(secretMask, "anew"))
      yield* sealSecrets(yield* decode(given), stored, seal)
    }),
  )

  it.effect("is taken where something else changes", () =>
    Effect.gen(function* () {
      const stored = yield* sealSecrets(yield* decode({ kind: "email", to, server: mail }), null, seal)
      const server = { ...keptMail, from: "b@example.com" }
      const edited = yield* sealSecrets(yield* decode({ kind: "email", to: ["b@example.com"], server }), stored, seal)
      const plain = Either.getOrThrow(unsealSecrets(edited, unseal))
      assert.strictEqual(plain.kind === "email" ? plain.server?.auth?.password : null, "p")
    }),
  )
})

describe("settings that nobody can mean", () => {
  const refused: ReadonlyArray<unknown> = [
    { kind: "pigeon", url: "https://example.com/" },
    { kind: "slack" },
    { kind: "slack", url: "" },
    { kind: "slack", url: "https://hooks.slack.com/x", channel: "#a" },
    { kind: "webhook", url: "ftp://example.com/" },
    { kind: "webhook", url: "file:///etc/passwd" },
    { kind: "webhook", url: "https://user:pass@example.com/" },
    { kind: "webhook", url: "https://example.com:0/" },
    { kind: "webhook", url: "https://exa mple.com/" },
    { kind: "webhook", url: "https://example.com/", headers: [{ name: "X A", value: "b" }] },
    { kind: "webhook", url: "https://example.com/", headers: [{ name: "X-A", value: "b\r\nX-C: d" }] },
    { kind: "email", to: [] },
    { kind: "email", to: ["ops@example.com, other@example.com"] },
    { kind: "email", to: ["ops@example.com\r\nBcc: x@example.com"] },
    { kind: "email", to: ["Ops <ops@example.com>"] },
    { kind: "email", to: ["ops@example.com"], server: { host: "a b", from: "x@example.com" } },
    { kind: "telegram", token: "t", chatId: "ops" },
    { kind: "ntfy", topic: "a/b" },
    { kind: "gotify", server: "https://gotify.example.com/?token=a", token: "t" },
    { kind: "matrix", server: "https://matrix.org", token: "t", roomId: "#room:matrix.org" },
    { kind: "twilioSms", accountSid: "AC/../..", authToken: "t", from: "+15005550006", to: "+15005550006" },
    { kind: "homeAssistant", server: "http://ha:8123", token: "t", service: "../../api" },
    { kind: "apprise", server: "http://apprise:8000" },
    { kind: "apprise", server: "http://apprise:8000", key: "a", urls: "b" },
    { kind: "apprise", server: "http://apprise:8000", urls: "b", tag: "a" },
    { kind: "alertmanager", server: "http://am:9093", labels: [{ name: "1a", value: "b" }] },
  ]
  it.effect.each(refused)("are refused: %j", (config) =>
    Effect.map(Effect.exit(decode(config)), (exit) => assert.strictEqual(exit._tag, "Failure")),
  )
})
