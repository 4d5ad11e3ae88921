import { assert, describe, it } from "@effect/vitest"
import { ChannelConfig } from "@uptime/alerting/ChannelConfig"
import { ChannelCreate } from "@uptime/contract/ChannelsApi"
import { QuietHours } from "@uptime/incidents/QuietHours"
import { Arbitrary, Either, Schema } from "effect"
import fc from "fast-check"
import { ApiFailure } from "../../src/api/ApiFailure.ts"
import type { ChannelField } from "../../src/channels/fields.ts"
import {
  type Channel,
  type ChannelForm,
  formOf,
  newForm,
  payloadOf,
  problemsOfForm,
  refusedFields,
  tidied,
} from "../../src/channels/form.ts"
import { readKind } from "../../src/channels/kindNames.ts"
import { findKinds, kindOf, kinds } from "../../src/channels/kinds.ts"
import { settingAt } from "../../src/channels/settingAt.ts"
import type { Value } from "../../src/channels/settings.ts"

const encodeConfig = Schema.encodeSync(ChannelConfig)
const decode = Schema.decodeUnknownEither(ChannelCreate)
const timeZone = "Europe/Berlin"

/** Channels of every kind as the api may show them. */
const channels = fc.record({
  id: fc.uuid(),
  name: fc.string({ minLength: 1, maxLength: 50, unit: "grapheme" }),
  config: Arbitrary.make(Schema.typeSchema(ChannelConfig)).map((config) => encodeConfig(config)),
  enabled: fc.boolean(),
  isDefault: fc.boolean(),
  quietHours: fc.option(Arbitrary.make(QuietHours)),
  recipients: fc.constant([]),
  createdAt: fc.constant("2026-01-01T00:00:00.000Z"),
  updatedAt: fc.constant("2026-01-01T00:00:00.000Z"),
})

/** Settings without what is the same as saying nothing: an empty list, `false`, and what a choice is unless given. */
const plain = (kind: Channel["config"]["kind"], config: unknown): unknown => {
  const starts = new Map(
    kindOf(kind).fields.flatMap((field) => (field.type === "choice" ? [[field.path, field.start] as const] : [])),
  )
  const without = (value: unknown, path: string): unknown =>
    typeof value !== "object" || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(
          Object.entries(value).flatMap(([name, inner]) => {
            const at = path === "" ? name : `${path}.${name}`
            const nothing = inner === false || (Array.isArray(inner) && inner.length === 0)
            return nothing || starts.get(at) === String(inner) ? [] : [[name, without(inner, at)] as const]
          }),
        )
  return JSON.parse(JSON.stringify(without(config, "")))
}

const texts = fc.oneof(
  fc.string({ maxLength: 40, unit: "binary" }),
  fc.string({ maxLength: 300 }),
  fc.constantFrom(
    "",
    "0",
    "7",
    "-3",
    "65536",
    "https://example.com/a?b#c",
    "https://user@example.com",
    "http://example.com:0",
    "ftp://example.com",
    "https://example.com/\\",
    "!room:example.com",
    "ops@example.com, dev@example.com",
    "********",
  ),
)

/** Anything that a person could put into a field. */
const typed = (field: ChannelField): fc.Arbitrary<Value> => {
  switch (field.type) {
    case "switch":
      return fc.boolean()
    case "pairs":
      return fc.array(fc.record({ name: texts, value: texts }), { maxLength: 25 })
    case "choice":
    case "branch":
      return fc.constantFrom(...field.options.map(({ value }) => value))
    default:
      return texts
  }
}

const quiet = fc.record({
  on: fc.boolean(),
  from: fc.constantFrom("", "22:00", "07:30", "24:00"),
  to: fc.constantFrom("07:30", "23:59"),
  timeZone: fc.constantFrom("UTC", timeZone),
})

/** A form as a person may leave it: that of a channel with something else in one of its fields. */
const forms: fc.Arbitrary<ChannelForm> = fc.tuple(channels, texts, quiet).chain(([channel, name, quietHours]) => {
  const form = { ...formOf(channel, timeZone), quiet: quietHours }
  const named = fc.constantFrom({ ...form, name }, form)
  return fc
    .tuple(
      named,
      fc.constantFrom(...kindOf(form.kind).fields).chain((field) => fc.tuple(fc.constant(field), typed(field))),
    )
    .map(([before, [field, value]]) => ({ ...before, values: { ...before.values, [field.path]: value } }))
})

describe("the form of a channel", () => {
  it("gives every channel of every kind back as it was", () => {
    fc.assert(
      fc.property(channels, (channel) => {
        const form = formOf(channel, timeZone)
        assert.deepStrictEqual([...problemsOfForm(form)], [])
        const { kind } = channel.config
        assert.deepStrictEqual(plain(kind, payloadOf(form).config), plain(kind, channel.config))
        const { enabled, isDefault, name, quietHours } = payloadOf(form)
        assert.deepStrictEqual(
          { enabled, isDefault, name, quietHours },
          {
            enabled: channel.enabled,
            isDefault: channel.isDefault,
            name: channel.name,
            quietHours: channel.quietHours,
          },
        )
      }),
      { numRuns: 300 },
    )
  })

  it("sends what the api takes and finds wrong what it does not, but for secrets that must be addresses", () => {
    let sent = 0
    fc.assert(
      fc.property(forms, (typedForm) => {
        const form = tidied(typedForm)
        const problems = problemsOfForm(form)
        const payload = JSON.stringify(payloadOf(form))
        const isTaken = Either.isRight(decode(JSON.parse(payload)))
        if (problems.size === 0) {
          sent++
          assert.isTrue(isTaken, payload)
          return
        }
        const isSecretUrl =
          problems.has("config.url") &&
          kindOf(form.kind).fields.some(({ path, type }) => type === "secret" && path === "url")
        // A part that was asked for and left empty is a channel without it to the api.
        const isEmpty = [...problems.values()].every((problem) => problem === "Fill this in.")
        if (!isSecretUrl && !isEmpty) assert.isFalse(isTaken, `${payload}: ${[...problems].join("; ")}`)
      }),
      { numRuns: 1_000 },
    )
    assert.isAbove(sent, 50)
  })

  it("of a new channel asks for what is needed, and for nothing else", () => {
    for (const { fields, kind, label } of kinds) {
      const form = newForm(kind, timeZone)
      assert.strictEqual(form.name, label)
      const asked = [...problemsOfForm(form).keys()]
      assert.isAbove(asked.length, 0, label)
      for (const path of asked) {
        const field = fields.find((each) => `config.${each.path}` === path)
        assert.notStrictEqual(field?.optional, true, `${label}: ${path}`)
      }
    }
  })

  it("shows what the api refused beside the field, and apart what belongs to none", () => {
    const issues = [
      { path: ["config", "to", 1], message: "must be an email address" },
      { path: ["quietHours", "timeZone"], message: "must be a time zone's name" },
    ]
    const refused = refusedFields(new ApiFailure("ValidationFailed", 400, "no", issues), ["name", "config.to"])
    assert.strictEqual(refused.problems.get("config.to"), "This must be an email address.")
    assert.strictEqual(refused.problems.get("quiet"), "This must be a time zone's name.")
    assert.isUndefined(refused.rest)
    const failure = new ApiFailure("LimitReached", 409, "An account may have 100 channels; delete some first.")
    assert.strictEqual(refusedFields(failure, ["name"]).rest, failure)
    const elsewhere = new ApiFailure("ValidationFailed", 400, "no", [{ path: ["other"], message: "is not known" }])
    assert.strictEqual(refusedFields(elsewhere, ["name"]).rest, elsewhere)
    assert.isUndefined(refusedFields(null, ["name"]).rest)
  })
})

describe("the kinds of channels", () => {
  it("are found by their names, what they do and other words, in any case and order", () => {
    for (const kind of kinds) assert.include(findKinds(kind.label.toUpperCase()), kind)
    assert.deepStrictEqual(
      findKinds("phone TEXT").map(({ kind }) => kind),
      ["twilioSms"],
    )
    assert.deepStrictEqual(findKinds("  "), kinds)
    assert.deepStrictEqual(findKinds("carrier pigeon"), [])
    assert.strictEqual(readKind("slack"), "slack")
    assert.isUndefined(readKind("pigeon"))
  })

  it("never show a secret in the list", () => {
    fc.assert(
      fc.property(channels, ({ config }) => {
        const { shows } = kindOf(config.kind)
        if (shows !== null) assert.notStrictEqual(settingAt(config, shows), "********")
      }),
    )
  })
})
