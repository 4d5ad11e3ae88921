import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, FastCheck } from "effect"
import { PlainChannelConfig } from "../src/ChannelConfig.ts"
import { recipientsToConfirm, toConfirmedOnly } from "../src/ConfirmedRecipients.ts"
import { recipientMail } from "../src/RecipientMail.ts"

const configs = Arbitrary.make(PlainChannelConfig)

describe("recipients that confirmed", () => {
  it.prop(
    "are the only ones an email channel of the installation's server sends to; all other channels stay as they are",
    { config: configs, chosen: FastCheck.array(FastCheck.nat(19)) },
    ({ chosen, config }) => {
      const asked = recipientsToConfirm(config)
      const confirmed = asked.filter((_, i) => chosen.includes(i)).map((address) => address.toLowerCase())
      const allowed = toConfirmedOnly(config, confirmed)
      if (config.kind !== "email" || asked.length === 0) return assert.deepStrictEqual(allowed, config)
      const to = asked.filter((address) => confirmed.includes(address.toLowerCase()))
      return assert.deepStrictEqual(allowed, to.length === 0 ? null : { ...config, to })
    },
  )
})

describe("the email that asks a recipient", () => {
  const mail = recipientMail({
    address: "bob@example.com",
    askedBy: "ann+<b>@example.com",
    publicUrl: "https://status.example.com",
    token: "abc_-123",
    name: "n",
    confirmDays: 7,
    refusedDays: 30,
  })

  it("goes by the installation's server to that address alone, says who asks, and how to say no in one click", () => {
    assert.deepInclude(mail, {
      to: ["bob@example.com"],
      server: null,
      unsubscribeUrl: "https://status.example.com/recipients/refuse?token=abc_-123",
    })
    assert.include(mail.text, "Confirm: https://status.example.com/recipients/confirm?token=abc_-123\n")
    assert.include(mail.text, "Not me: https://status.example.com/recipients/refuse?token=abc_-123\n")
    assert.include(mail.text, "ann+<b>@example.com")
    assert.include(mail.html, "ann+&lt;b&gt;@example.com")
    assert.notInclude(mail.html, "<b>")
  })
})
