import { assert, describe, it } from "@effect/vitest"
import { linksOf } from "@uptime/statuspage/PageLinks"
import type { PublicPage } from "@uptime/statuspage/PublicPage"
import { confirmationMail, incidentMail, maintenanceMail } from "@uptime/statuspage/SubscriberMail"
import { FastCheck as fc } from "effect"
import { anyLanguage, elementsOf, hostile, withText } from "./AnyPage.ts"
import { sampleIncident, samplePage } from "./SamplePage.ts"

const links = linksOf(samplePage, "https://uptime.example.com")
const leave = "https://uptime.example.com/status/acme/unsubscribe?token=a.b"
const update = { id: "00000000-0000-4000-8000-0000000000a3", at: 0, kind: "update", body: "It is fixed." } as const

const mails = (page: PublicPage) => [
  confirmationMail(page, "https://uptime.example.com/confirm?token=a.b"),
  ...page.incidents.flatMap((incident) =>
    ([{ _tag: "opened" }, { _tag: "updated", update }, { _tag: "resolved" }] as const).map((news) =>
      incidentMail(page, incident, news, links, leave),
    ),
  ),
  ...page.maintenances.flatMap((maintenance) =>
    (["scheduled", "cancelled"] as const).map((news) => maintenanceMail(page, maintenance, news, links, leave)),
  ),
]

describe("mails to subscribers", () => {
  it("say what happened, where to look, and how to leave", () => {
    const [confirm, opened, updated, resolved, maintenance, cancelled] = mails({
      ...samplePage,
      incidents: [sampleIncident(1, { resolvedAt: sampleIncident(1).startedAt + 600_000 })],
    })
    assert.strictEqual(confirm?.subject, "Confirm your subscription to Acme Status")
    assert.include(confirm?.text ?? "", "Confirm: https://uptime.example.com/confirm?token=a.b")
    assert.notInclude(confirm?.text ?? "", "Unsubscribe")
    assert.strictEqual(opened?.subject, "New incident: Checkout answers slowly or not at all")
    assert.strictEqual(updated?.subject, "Update: Checkout answers slowly or not at all")
    assert.include(updated?.text ?? "", "It is fixed.")
    assert.include(resolved?.text ?? "", "Resolved after 10 min")
    assert.include(maintenance?.text ?? "", "Affected: Warehouse")
    assert.strictEqual(cancelled?.subject, "Maintenance cancelled: New storage in the warehouse")
    assert.include(cancelled?.text ?? "", "This maintenance does not take place.")
    assert.match(cancelled?.text ?? "", /Nov 26, 2026, 2:05\s–\s4:05\sPM GMT\+1/)
    for (const mail of [opened, updated, resolved, maintenance, cancelled]) {
      assert.include(mail?.text ?? "", `Unsubscribe: ${leave}`)
      assert.include(mail?.html ?? "", leave)
    }
  })

  it("show text as text and keep their subject to one line, in every language", () => {
    fc.assert(
      fc.property(anyLanguage, fc.string({ minLength: 1 }), (language, text) => {
        const page = { ...samplePage, language }
        const plain = mails(withText(page, "x"))
        mails(withText(page, `${text}\r\nBcc: a@b.example ${hostile}`)).forEach((mail, i) => {
          assert.deepStrictEqual(elementsOf(mail.html), elementsOf(plain[i]?.html ?? ""))
          assert.notMatch(mail.subject, /\p{Cc}/u)
          assert.isAtMost(mail.subject.length, 200)
          assert.isTrue(mail.subject.isWellFormed())
        })
      }),
      { numRuns: 50 },
    )
  })
})
