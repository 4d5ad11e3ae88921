import { assert, describe, it } from "@effect/vitest"
import { Conditions } from "@uptime/conditions/Condition"
import { MonitorCreate, MonitorEdit } from "@uptime/contract/MonitorsApi"
import { CheckKind } from "@uptime/domain/CheckKind"
import { Monitor } from "@uptime/domain/Monitor"
import { secretMask } from "@uptime/domain/SecretMask"
import { Arbitrary, Either, FastCheck as fc, Schema } from "effect"
import { kindChoice } from "../../src/monitors/form/kindChoices.ts"
import { cloneOf, type EditedMonitor, emptyForm, formOf, withOptions } from "../../src/monitors/form/MonitorForm.ts"
import { payloadOf } from "../../src/monitors/form/monitorPayload.ts"

const encode = Schema.encodeSync(Monitor)

/** A text that says something: of a name that does not, the form makes the default. */
const isSaid = (text: string | null) => text === null || text.trim() !== ""

const someMonitor = Arbitrary.make(Monitor).filter(
  ({ group, heartbeat, name }) => isSaid(name) && isSaid(group) && heartbeat !== undefined,
)
const someConditions = Arbitrary.make(Conditions)

/** Monitors of a kind as the api shows them: with options of that kind alone, and its secrets behind the mask. */
const monitorOf = (kind: CheckKind): fc.Arbitrary<EditedMonitor> =>
  fc.tuple(someMonitor, someConditions).map(([monitor, conditions]): EditedMonitor => {
    const whole = encode(monitor)
    const ofOtherKinds = CheckKind.literals.filter((other) => other !== kind)
    const own = Object.fromEntries(
      Object.entries(whole).filter(([name]) => !ofOtherKinds.some((other) => other === name)),
    )
    return {
      ...whole,
      ...Object.fromEntries(ofOtherKinds.map((other) => [other, undefined])),
      ...own,
      kind,
      url: kindChoice(kind).example,
      conditions: kind === "heartbeat" ? [] : conditions,
      confirmation:
        kind === "heartbeat" ? { ...whole.confirmation, failures: 1, successes: 1, minRegions: 1 } : whole.confirmation,
    }
  })

/** The settings of a monitor, as an edit that names all of them would send them. */
const settingsOf = (monitor: EditedMonitor) => ({
  url: monitor.url,
  name: monitor.name,
  intervalSeconds: monitor.intervalSeconds,
  timeoutMs: monitor.timeoutMs,
  enabled: monitor.enabled,
  tags: monitor.tags,
  group: monitor.group,
  parents: monitor.parents,
  conditions: monitor.conditions,
  confirmation: monitor.confirmation,
  alerts: monitor.alerts,
  [monitor.kind]: monitor[monitor.kind] ?? {},
})

const accepts = (schema: Schema.Schema.AnyNoContext, payload: unknown) => {
  const read = Schema.decodeUnknownEither(schema)(payload)
  assert.isTrue(Either.isRight(read), Either.isLeft(read) ? `${read.left.message}\n${JSON.stringify(payload)}` : "")
}

describe("the form of a monitor", () => {
  for (const kind of CheckKind.literals) {
    it(`of the kind ${kind} sends back the monitor that it was given, and what the api takes`, () => {
      fc.assert(
        fc.property(monitorOf(kind), (monitor) => {
          const payload = payloadOf(formOf(monitor))
          assert.deepStrictEqual(JSON.parse(JSON.stringify(payload)), JSON.parse(JSON.stringify(settingsOf(monitor))))
          accepts(MonitorEdit, payload)
          accepts(MonitorCreate, payload)
        }),
        { numRuns: 8 },
      )
    })

    it(`of the kind ${kind} needs nothing but an address`, () => {
      accepts(MonitorCreate, payloadOf({ ...emptyForm, kind, url: kindChoice(kind).example }))
    })

    it(`of the kind ${kind} copies a monitor without its secrets`, () => {
      fc.assert(
        fc.property(monitorOf(kind), (monitor) => {
          const { name, [kind]: options, ...others } = payloadOf(cloneOf({ ...monitor, name: "Shop" }))
          const { name: _, [kind]: given, ...same } = settingsOf(monitor)
          assert.strictEqual(name, "Shop (copy)")
          assert.notInclude(JSON.stringify(options), secretMask)
          assert.deepStrictEqual(
            JSON.parse(JSON.stringify(options)),
            JSON.parse(JSON.stringify(given).replaceAll(secretMask, "")),
          )
          assert.deepStrictEqual(JSON.parse(JSON.stringify(others)), JSON.parse(JSON.stringify(same)))
        }),
        { numRuns: 4 },
      )
    })
  }

  it("keeps the options of another kind to itself", () => {
    const form = withOptions({ ...emptyForm, url: "icmp://example.com", kind: "ping" }, "http", { method: "POST" })
    assert.deepStrictEqual(payloadOf(form).ping, {})
    assert.isUndefined(payloadOf(form).http)
    assert.deepStrictEqual(payloadOf({ ...form, kind: "http", url: "example.com" }).http, { method: "POST" })
  })

  it("sends either a period or a cron expression, and no lines that are no records", () => {
    const clock = withOptions({ ...emptyForm, kind: "heartbeat" }, "heartbeat", {
      cron: "0 3 * * *",
      timeZone: undefined,
    })
    assert.deepStrictEqual(payloadOf(clock).heartbeat, { cron: "0 3 * * *", graceSeconds: 300 })
    const dns = withOptions({ ...emptyForm, kind: "dns", url: "example.com" }, "dns", {
      expect: { match: "all", records: ["", "192.0.2.7", ""] },
    })
    assert.deepStrictEqual(payloadOf(dns).dns, { expect: { match: "all", records: ["192.0.2.7"] } })
    const none = withOptions(dns, "dns", { expect: { match: "all", records: [""] } })
    assert.deepStrictEqual(payloadOf(none).dns, {})
  })

  it("leaves out conditions without a text, and takes an address without a scheme", () => {
    const payload = payloadOf({
      ...emptyForm,
      url: " example.com ",
      conditions: [
        { condition: " ", severity: "Down" },
        { condition: "[STATUS] == 200", severity: "Degraded" },
      ],
    })
    assert.strictEqual(payload.url, "https://example.com")
    assert.deepStrictEqual(payload.conditions, [{ condition: "[STATUS] == 200", severity: "Degraded" }])
  })
})
