import { CheckSpec } from "@uptime/domain/CheckSpec"
import { TestRunResult } from "@uptime/domain/TestRun"
import { Schema } from "effect"

/** The version of both messages. A worker or an api that meets another one leaves it alone, and the run counts as late. */
const messageVersion = 1

/** A test run as it waits in Redis: the check, and the process that is answered. */
export const TestRunMessage = Schema.parseJson(
  Schema.Struct({
    v: Schema.Literal(messageVersion),
    id: Schema.UUID,
    listener: Schema.UUID,
    spec: CheckSpec,
  }),
)
export type TestRunMessage = typeof TestRunMessage.Type

/** The answer to a test run, as it is told to the process that asked. */
export const AnswerMessage = Schema.parseJson(
  Schema.Struct({ v: Schema.Literal(messageVersion), id: Schema.UUID, result: TestRunResult }),
)
export type AnswerMessage = typeof AnswerMessage.Type
