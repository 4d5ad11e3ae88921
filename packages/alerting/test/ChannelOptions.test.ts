import { assert, describe, it } from "@effect/vitest"
import { messageOf } from "@uptime/alerting/Channels"
import { opened, resolved } from "./Alerts.ts"
import { bodyOf, headersOf, originOf, pathOf } from "./ChannelRequests.ts"
import { configs, secret } from "./Configs.ts"

describe("what a channel's settings change", () => {
  it("is the provider's region", () => {
    assert.strictEqual(originOf({ ...configs.pagerduty, region: "eu" }, opened), "https://events.eu.pagerduty.com")
    assert.strictEqual(originOf({ ...configs.opsgenie, region: "us" }, opened), "https://api.opsgenie.com")
    const { region: _, ...unsaid } = configs.opsgenie
    assert.strictEqual(originOf(unsaid, opened), "https://api.opsgenie.com")
  })

  it("is who a text message comes from", () => {
    const service = `MG${"0".repeat(32)}`
    const { From, MessagingServiceSid } = bodyOf({ ...configs.twilioSms, from: service }, opened)
    assert.deepStrictEqual([From, MessagingServiceSid], [undefined, service])
  })

  it("is whether Telegram makes a sound", () => {
    for (const [config, silent] of [
      [configs.telegram, false],
      [{ ...configs.telegram, silent: true }, true],
    ] as const) {
      assert.strictEqual(bodyOf(config, opened)["disable_notification"], silent)
    }
  })

  it("is where Discord posts", () => {
    assert.strictEqual(
      pathOf(configs.discord, opened),
      `/api/webhooks/1/${secret}?wait=true&thread_id=1234567890123456789`,
    )
    assert.strictEqual(
      pathOf({ kind: "discord", url: configs.discord.url }, opened),
      `/api/webhooks/1/${secret}?wait=true`,
    )
  })

  it("is where ntfy is, who sends, and how loud it is", () => {
    const auth = { type: "basic", username: "ops", password: secret } as const
    const own = { ...configs.ntfy, server: "https://ntfy.example.com/", auth, priority: 5 }
    assert.strictEqual(`${originOf(own, opened)}${pathOf(own, opened)}`, "https://ntfy.example.com/")
    const credentials = Buffer.from(`ops:${secret}`).toString("base64")
    assert.strictEqual(headersOf(own, opened)["authorization"], `Basic ${credentials}`)
    assert.strictEqual(bodyOf(own, opened)["priority"], 5)
    assert.strictEqual(bodyOf(own, resolved)["priority"], 3)
  })

  it("is how loud Gotify is", () => {
    const loud = { ...configs.gotify, priority: 10 }
    assert.strictEqual(bodyOf(loud, opened)["priority"], 10)
    assert.strictEqual(bodyOf(loud, resolved)["priority"], 4)
  })

  it("is the topic of Zulip, which has a name of its own", () => {
    const { topic: _, ...unsaid } = configs.zulip
    assert.strictEqual(bodyOf(unsaid, opened)["topic"], "uptime")
  })

  it("is the services of Apprise that have a tag", () => {
    const kept = { kind: "apprise", server: "http://apprise:8000", key: "ops", tag: "night" } as const
    assert.strictEqual(pathOf(kept, opened), "/notify/ops")
    assert.strictEqual(bodyOf(kept, opened)["tag"], "night")
  })

  it("is who sends to Alertmanager", () => {
    const bearer = { ...configs.alertmanager, auth: { type: "bearer", token: secret } as const }
    assert.strictEqual(headersOf(bearer, opened)["authorization"], `Bearer ${secret}`)
    const { auth: _, ...open } = configs.alertmanager
    assert.isUndefined(headersOf(open, opened)["authorization"])
  })

  it("is the port of a mail server, which its encryption has one for", () => {
    const own = { host: "mail.example.com", from: "uptime@example.com" }
    for (const [server, port] of [
      [own, 587],
      [{ ...own, security: "starttls" }, 587],
      [{ ...own, security: "none" }, 587],
      [{ ...own, security: "tls" }, 465],
      [{ ...own, security: "tls", port: 2465 }, 2465],
    ] as const) {
      const message = messageOf({ ...configs.email, server }, opened)
      assert.strictEqual(message._tag === "Mail" ? message.server?.port : null, port)
    }
  })
})
