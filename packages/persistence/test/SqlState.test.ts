import { SqlError } from "@effect/sql/SqlError"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Either, FastCheck as fc } from "effect"
import { failAs } from "../src/SqlFailure.ts"
import { reasonOf, serverText, sqlStateOf } from "../src/SqlState.ts"
import { StoreError } from "../src/StoreError.ts"

/** What node-postgres throws for an answer of the server. */
const answer = (code: string) => Object.assign(new Error(`the server said ${code}`), { code, severity: "ERROR" })
const socket = (code: string) => Object.assign(new Error(`connect ${code}`), { code })
const wrapped = (cause: unknown) => new SqlError({ cause, message: "Failed to execute statement" })

const table: ReadonlyArray<readonly [unknown, StoreError["reason"]]> = [
  [answer("08006"), "unavailable"],
  [answer("08P01"), "unavailable"],
  [answer("57P01"), "unavailable"],
  [answer("57P02"), "unavailable"],
  [answer("57P03"), "unavailable"],
  [answer("57014"), "unavailable"],
  [answer("53100"), "unavailable"],
  [answer("53300"), "unavailable"],
  [answer("58030"), "unavailable"],
  [answer("28P01"), "unavailable"],
  [answer("3D000"), "unavailable"],
  [answer("25006"), "unavailable"],
  [answer("25P03"), "unavailable"],
  [answer("40001"), "conflict"],
  [answer("40P01"), "conflict"],
  [answer("26000"), "conflict"],
  [answer("42P05"), "conflict"],
  [answer("55P03"), "conflict"],
  [answer("22021"), "data"],
  [answer("22P02"), "data"],
  [answer("23505"), "data"],
  [answer("23503"), "data"],
  [answer("42P01"), "bug"],
  [answer("42601"), "bug"],
  [answer("25P02"), "bug"],
  [answer("XX000"), "bug"],
  [socket("ECONNREFUSED"), "unavailable"],
  [socket("ECONNRESET"), "unavailable"],
  [socket("EPIPE"), "unavailable"],
  [socket("ENOENT"), "unavailable"],
  [new AggregateError([socket("ECONNREFUSED"), socket("ECONNREFUSED")]), "unavailable"],
  [new Error("Connection terminated unexpectedly"), "unavailable"],
  [new Error("Connection terminated due to connection timeout", { cause: new Error("x") }), "unavailable"],
  [new Error("Query read timeout"), "unavailable"],
  [new Error("timeout exceeded when trying to connect"), "unavailable"],
  [new Error("something else"), "bug"],
  ["a text", "bug"],
  [undefined, "bug"],
]

describe("SqlState", () => {
  for (const [cause, reason] of table) {
    it(`${cause instanceof Error ? cause.message || cause.name : String(cause)} is "${reason}", wrapped or not`, () => {
      assert.strictEqual(reasonOf(cause), reason)
      assert.strictEqual(reasonOf(wrapped(cause)), reason)
      assert.strictEqual(reasonOf(new Error("outer", { cause: wrapped(cause) })), reason)
    })
  }

  it.prop(
    "a whole class has one reason, but for the codes of conflicts",
    { sqlClass: fc.constantFrom("08", "53", "22", "23", "42", "57"), rest: fc.stringMatching(/^[0-9A-Z]{3}$/) },
    ({ rest, sqlClass }) => {
      const expected = {
        "08": "unavailable",
        "53": "unavailable",
        "57": "unavailable",
        "22": "data",
        "23": "data",
        "42": "bug",
      }
      assert.strictEqual(reasonOf(wrapped(answer(sqlClass + rest))), new Map(Object.entries(expected)).get(sqlClass))
      assert.strictEqual(sqlStateOf(wrapped(answer(sqlClass + rest))), sqlClass + rest)
    },
  )

  it("survives errors that are their own cause", () => {
    const error = new Error("round")
    error.cause = error
    assert.strictEqual(reasonOf(error), "bug")
  })

  it("shows what the server said", () => {
    assert.strictEqual(serverText(wrapped(answer("42P01"))), "the server said 42P01")
  })
})

describe("failAs", () => {
  it.effect("turns failures of queries into store errors and lets others pass", () =>
    Effect.gen(function* () {
      const failed = yield* Effect.flip(failAs("Test.one")(Effect.fail(wrapped(answer("40P01")))))
      assert.instanceOf(failed, StoreError)
      assert.deepInclude(failed, { reason: "conflict", operation: "Test.one" })
      assert.strictEqual(yield* Effect.flip(failAs("Test.one")(Effect.fail("other"))), "other")
    }),
  )

  it.effect("takes a connection lost at COMMIT for a failure, and leaves other defects and interruption", () =>
    Effect.gen(function* () {
      const lost = yield* Effect.flip(failAs("Test.one")(Effect.die(wrapped(socket("ECONNRESET")))))
      assert.deepInclude(lost, { reason: "unavailable" })
      const both = yield* Effect.either(
        failAs("Test.one")(
          Effect.failCause(Cause.sequential(Cause.fail("first"), Cause.die(wrapped(socket("EPIPE"))))),
        ),
      )
      assert.deepStrictEqual(both, Either.left("first"))
      const defect = yield* Effect.exit(failAs("Test.one")(Effect.dieMessage("ours")))
      assert.isTrue(defect._tag === "Failure" && Cause.isDie(defect.cause))
      const interrupted = yield* Effect.exit(failAs("Test.one")(Effect.interrupt))
      assert.isTrue(interrupted._tag === "Failure" && Cause.isInterruptedOnly(interrupted.cause))
    }),
  )
})
