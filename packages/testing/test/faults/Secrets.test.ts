import { assert, describe, it } from "@effect/vitest"
import { noSecret } from "@uptime/testing/faults/Secrets"

describe("I12 no secret in a log", () => {
  it("names the process and not the secret", () => {
    const logs = [
      { process: "api", text: "a line" },
      { process: "worker", text: 'connecting with "hunter2hunter2"' },
    ]
    assert.deepStrictEqual(noSecret(logs, ["hunter2hunter2"]), [
      { promise: "I12 no secret in a log", what: "1 logs with a secret: worker" },
    ])
    assert.deepStrictEqual(noSecret(logs, ["another"]), [])
  })
})
