import { assert, describe, it } from "@effect/vitest"
import { EscalationCreate } from "@uptime/contract/EscalationsApi"
import { Escalation } from "@uptime/domain/Escalation"
import { Arbitrary, Either, Schema } from "effect"
import fc from "fast-check"
import {
  formOfEscalation,
  newEscalation,
  payloadOfEscalation,
  problemsOfEscalation,
  withMoved,
  withStep,
} from "../../src/escalations/escalationForm.ts"

const decode = Schema.decodeUnknownEither(EscalationCreate)

/** Steps as they may be stored: each later than the one before. */
const steps = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 10_080 }), { minLength: 1, maxLength: 10 }),
    fc.array(fc.array(fc.uuid(), { minLength: 1, maxLength: 20 }), { minLength: 10, maxLength: 10 }),
  )
  .map(([minutes, channels]) =>
    minutes.toSorted((a, b) => a - b).map((afterMinutes, index) => ({ afterMinutes, channels: channels[index] ?? [] })),
  )

const escalations = fc.record({
  id: fc.uuid(),
  name: Arbitrary.make(Escalation.fields.name).filter((name) => name.trim() === name),
  steps,
  createdAt: fc.constant("2026-01-01T00:00:00.000Z"),
  updatedAt: fc.constant("2026-01-01T00:00:00.000Z"),
})

const tooMany = Array.from({ length: 21 }, () => "0190a5f4-0000-7000-8000-000000000000")

const typedSteps = fc.array(
  fc.record({
    minutes: fc.oneof(
      fc.integer({ min: -5, max: 11_000 }).map(String),
      fc.constantFrom("", " 7 ", "1.5", "1e2", "soon"),
    ),
    channels: fc.oneof({ weight: 9, arbitrary: fc.array(fc.uuid(), { maxLength: 3 }) }, fc.constant(tooMany)),
  }),
  { minLength: 1, maxLength: 4 },
)

describe("the form of an escalation", () => {
  it("gives every policy back as it was", () => {
    fc.assert(
      fc.property(escalations, (escalation) => {
        const form = formOfEscalation(escalation)
        assert.deepStrictEqual([...problemsOfEscalation(form)], [])
        assert.deepStrictEqual(payloadOfEscalation(form), { name: escalation.name, steps: escalation.steps })
      }),
    )
  })

  it("finds wrong exactly what the api does not take", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 9 }), fc.constantFrom("a\tb", "\ud800", "x".repeat(200), "x".repeat(201))),
        typedSteps,
        (name, typed) => {
          const form = { name, steps: typed }
          const taken = Either.isRight(decode(JSON.parse(JSON.stringify(payloadOfEscalation(form)))))
          // `1e2` is a number to the api, and a slip of the finger to the form.
          if (typed.some(({ minutes }) => minutes === "1e2")) return
          assert.strictEqual(problemsOfEscalation(form).size === 0, taken, JSON.stringify(form))
        },
      ),
    )
  })

  it("adds a later step, and moves whom a step tells without a change of the times", () => {
    fc.assert(
      fc.property(steps, fc.nat(9), fc.constantFrom<[-1, 1][number]>(-1, 1), (stored, at, by) => {
        const typed = stored.map(({ afterMinutes, channels }) => ({ minutes: String(afterMinutes), channels }))
        const moved = withMoved(typed, at, by)
        assert.deepStrictEqual(
          moved.map(({ minutes }) => minutes),
          typed.map(({ minutes }) => minutes),
        )
        const [one, other] = [typed[at], typed[at + by]]
        if (one === undefined || other === undefined) assert.deepStrictEqual(moved, typed)
        else {
          assert.deepStrictEqual([moved[at]?.channels, moved[at + by]?.channels], [other.channels, one.channels])
          assert.deepStrictEqual(withMoved(moved, at, by), typed)
        }
        assert.deepStrictEqual(withStep(typed).slice(0, -1), typed)
      }),
    )
    assert.deepStrictEqual(
      withStep(newEscalation.steps).map(({ minutes }) => minutes),
      ["15", "30"],
    )
  })
})
