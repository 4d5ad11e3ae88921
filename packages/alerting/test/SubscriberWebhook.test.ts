import { assert, describe, it } from "@effect/vitest"
import { challengeMessage, isAccepted, webhookAddress, webhookMessage } from "@uptime/alerting/SubscriberWebhook"
import { MaintenanceId } from "@uptime/domain/Ids"
import { pageLinks } from "@uptime/statuspage/PageLinks"
import { FastCheck as fc } from "effect"
import { at, toWebhook } from "./PageMessages.ts"

const links = pageLinks("https://status.acme.example", "")
const answer = (body: string, status = 200) => ({ status, body, headers: {}, isTruncated: false })

const webhook = toWebhook(5)

describe("the address of a webhook", () => {
  it("is an https URL of a public host", () => {
    assert.strictEqual(webhookAddress(" https://hooks.example.com/in?a=1#x ")?.href, "https://hooks.example.com/in?a=1")
    for (const text of [
      "",
      "hooks.example.com",
      "http://hooks.example.com/",
      "ftp://hooks.example.com/",
      "https://user:pass@hooks.example.com/",
      "https://localhost/",
      "https://a.localhost./",
      "https://127.0.0.1/",
      "https://2130706433/",
      "https://0x7f.1/",
      "https://10.1.2.3:8443/",
      "https://169.254.169.254/latest/meta-data",
      "https://[::1]/",
      "https://[::ffff:10.0.0.1]/",
      "https://[fd00::1]/",
      `https://example.com/${"a".repeat(2_000)}`,
    ]) {
      assert.isNull(webhookAddress(text), text)
    }
  })

  it("is never one that is not https, whatever is typed, and stays when it is read again", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true, withFragments: true })), (text) => {
        const url = webhookAddress(text)
        if (url === null) return
        assert.strictEqual(url.protocol, "https:")
        assert.strictEqual(webhookAddress(url.href)?.href, url.href)
      }),
    )
  })
})

describe("the challenge of a webhook", () => {
  it("holds what confirms it, and is accepted by an answer that holds it alone", () => {
    const sent = challengeMessage({
      address: webhook.address,
      page: webhook.page,
      links,
      token: webhook.token,
      signingSecret: "whsec_c2VjcmV0",
      challenge: "c-1",
      at,
    })
    assert.strictEqual(sent.signingSecret, "whsec_c2VjcmV0")
    assert.deepInclude(JSON.parse(sent.body), { type: "subscription.challenge", timestamp: "2026-11-25T12:00:00.000Z" })
    assert.deepInclude(JSON.parse(sent.body).data, {
      challenge: "c-1",
      confirmUrl: `https://status.acme.example/confirm?token=${"t".repeat(32)}`,
    })
    assert.isTrue(isAccepted(answer("c-1\n"), "c-1"))
    assert.isTrue(isAccepted(answer(`{ "challenge": "c-1" }`, 202), "c-1"))
    for (const other of [answer(""), answer("ok"), answer("c-2"), answer("c-1", 400), answer(sent.body)]) {
      assert.isFalse(isAccepted(other, "c-1"))
    }
    // A server that shows what it was sent.
    assert.isFalse(isAccepted(answer(JSON.stringify({ data: sent.body, json: JSON.parse(sent.body) })), "c-1"))
  })
})

describe("a message to a webhook", () => {
  it("says what happened, and how to be told no more", () => {
    const sent = webhookMessage(webhook, "whsec_c2VjcmV0", "https://uptime.example")
    assert.deepStrictEqual(JSON.parse(sent?.body ?? ""), {
      type: "incident.updated",
      timestamp: "2026-11-25T12:00:00.000Z",
      data: {
        page: { title: "Acme", url: "https://uptime.example/status/acme" },
        incident: {
          id: "0190a5f4-0000-7000-8000-000000000002",
          url: "https://uptime.example/status/acme/incidents/0190a5f4-0000-7000-8000-000000000002",
          title: "Slow pages",
          severity: "Down",
          startedAt: "2026-11-25T12:00:00.000Z",
          resolvedAt: null,
          updates: [{ at: "2026-11-25T12:00:00.000Z", kind: "update", body: "We are at it" }],
        },
        affected: ["Site"],
        unsubscribeUrl: `https://uptime.example/status/acme/unsubscribe?token=${"t".repeat(32)}`,
      },
    })
    assert.isNull(webhookMessage(webhook, "whsec_c2VjcmV0", null))
  })

  it("says when a maintenance is, and that it does not take place", () => {
    const maintenance = {
      id: MaintenanceId.make("0190a5f4-0000-7000-8000-000000000009"),
      title: "Move",
      description: "",
      startsAt: at,
      endsAt: null,
      items: [],
    }
    for (const [change, type] of [
      ["maintenance", "maintenance.scheduled"],
      ["cancelled", "maintenance.cancelled"],
    ] as const) {
      const told = toWebhook(5, { notice: { change, maintenance, names: [] } })
      const body = JSON.parse(webhookMessage(told, "whsec_c2VjcmV0", "https://uptime.example")?.body ?? "")
      assert.strictEqual(body.type, type)
      assert.deepInclude(body.data.maintenance, { title: "Move", startsAt: "2026-11-25T12:00:00.000Z", endsAt: null })
    }
  })
})
