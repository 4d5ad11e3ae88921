import { assert, describe, it } from "@effect/vitest"
import type { ChannelKind, PlainChannelConfig } from "@uptime/alerting/ChannelConfig"
import { channels } from "@uptime/alerting/Channels"
import { unsendable } from "@uptime/alerting/UnsendableSettings"
import { configs } from "./Configs.ts"

const isKind = (name: string): name is ChannelKind => Object.hasOwn(channels, name)
const kinds = Object.keys(channels).filter(isKind)

describe("settings that messages can be sent with", () => {
  it.each(kinds)("are those of a channel of %s", (kind) => assert.deepStrictEqual(unsendable(configs[kind]), []))

  it.each(["whsec_c2VjcmV0", "whsec_c2VjcmV0eA==", "whsec_s3cr3t", "any other text, 日本語 too", "whsec"])(
    "are those of a webhook signed by %s",
    (signingSecret) => assert.deepStrictEqual(unsendable({ ...configs.webhook, signingSecret }), []),
  )

  it("are a password of any signs, which is sent in base64", () => {
    const auth = { type: "basic", username: "ops", password: "pässwörd\n" } as const
    assert.deepStrictEqual(unsendable({ ...configs.alertmanager, auth }), [])
  })
})

describe("settings that no message can be sent with", () => {
  const bearer = (token: string) => ({ ...configs.ntfy, auth: { type: "bearer", token } as const })
  const wrong: ReadonlyArray<readonly [PlainChannelConfig, path: string, says: RegExp]> = [
    [{ kind: "slack", url: "hello" }, "url", /http or https URL/],
    [{ kind: "discord", url: "ftp://example.com/" }, "url", /http or https URL/],
    [{ kind: "teams", url: "https://user:pass@example.com/" }, "url", /http or https URL/],
    [{ kind: "googleChat", url: "https://chat.example .com/" }, "url", /http or https URL/],
    [{ ...configs.gotify, token: "tok\nen" }, "token", /header/],
    [{ ...configs.opsgenie, apiKey: "schlüssel" }, "apiKey", /header/],
    [bearer("token "), "auth.token", /header/],
    [
      {
        ...configs.webhook,
        secretHeaders: [
          { name: "A", value: "a" },
          { name: "B", value: "b\r\nC: d" },
        ],
      },
      "secretHeaders.1.value",
      /header/,
    ],
    [{ ...configs.webhook, signingSecret: "whsec_" }, "signingSecret", /base64/],
    [{ ...configs.webhook, signingSecret: "whsec_not base64" }, "signingSecret", /base64/],
  ]
  it.each(wrong)("are named by the field, and not quoted: %j", (config, path, says) => {
    const problems = unsendable(config)
    assert.deepStrictEqual(
      problems.map((problem) => problem.path.join(".")),
      [path],
    )
    assert.match(problems[0]?.message ?? "", says)
  })
})
