import { assert, describe, it } from "@effect/vitest"
import { CheckError } from "@uptime/domain/CheckError"
import { CheckSpec } from "@uptime/domain/CheckSpec"
import { EmailTaken, MonitorNotFound } from "@uptime/domain/Errors"
import { Job } from "@uptime/domain/Job"
import { Monitor } from "@uptime/domain/Monitor"
import { MonitorOverview } from "@uptime/domain/MonitorOverview"
import { Result } from "@uptime/domain/Result"
import { Stats } from "@uptime/domain/Stats"
import { User } from "@uptime/domain/User"
import { Arbitrary, FastCheck as fc, Schema } from "effect"

/** What goes out as JSON comes back as it was. */
const survives = <A, I>(name: string, schema: Schema.Schema<A, I>) => {
  const json = Schema.parseJson(schema)
  const isSame = Schema.equivalence(schema)
  it(name, () => {
    fc.assert(
      fc.property(Arbitrary.make(Schema.typeSchema(schema)), (value) => {
        const text = Schema.encodeSync(json)(value)
        const read = Schema.decodeSync(json)(text)
        assert.isTrue(isSame(read, value), text)
        assert.strictEqual(Schema.encodeSync(json)(read), text)
      }),
      { numRuns: 50 },
    )
  })
}

describe("as JSON and back", () => {
  survives("a check's error", CheckError)
  survives("a check's specification", CheckSpec)
  survives("a job", Job)
  survives("a monitor", Monitor)
  survives("a monitor with its status", MonitorOverview)
  survives("a result", Result)
  survives("statistics", Stats)
  survives("a user", User)
  survives("an unknown monitor", MonitorNotFound)
  survives("a taken address", EmailTaken)
})
