import { storableText } from "@uptime/domain/CheckError"
import type { Severity, StoredCondition } from "@uptime/domain/Condition"
import { Either } from "effect"
import { parseOnce } from "./ConditionCache.ts"
import { printSide } from "./ConditionPrinter.ts"
import type { ConditionSyntaxError } from "./ConditionSyntaxError.ts"
import { seenIn, shortName } from "./Evaluate.ts"
import { examine } from "./Examine.ts"
import type { Observation } from "./Observation.ts"
import type { ParsedCondition } from "./ParsedCondition.ts"
import { Work } from "./Work.ts"

/** A condition of a check, ready to be held against what the check saw. */
export interface ReadCondition {
  /** As its owner wrote it. */
  readonly text: string
  readonly severity: Severity
  readonly condition: ParsedCondition
}

/** A condition that failed. */
export interface FailedCondition {
  /** As its owner wrote it. */
  readonly condition: string
  readonly severity: Severity
  /** What was seen instead, as `evaluate` says it. */
  readonly seen: string
}

/** What the conditions of a check make of it. */
export interface Judgement {
  /** `Down` if a condition of that severity failed, else `Degraded` if any did. */
  readonly status: "Up" | "Degraded" | "Down"
  /** In the order of the conditions. */
  readonly failed: ReadonlyArray<FailedCondition>
  /** `[STATUS] == 200 failed: [STATUS] was 503`, of all that failed: one storable line of at most 500; null if none did. */
  readonly message: string | null
}

/** The longest message, in UTF-16 code units. */
const maxMessageLength = 500

/** The longest text of a condition in a message, in UTF-16 code units. */
const maxTextLength = 160

/** What ends a message that does not say all. */
const more = "; …"

const up: Judgement = { status: "Up", failed: [], message: null }

/**
 * Reads the conditions of a check, each text once. A text that is no condition was stored by a version that knew more of
 * the language than this one: a check with it cannot be judged, which is not the target's fault.
 */
export const readConditions = (
  conditions: ReadonlyArray<StoredCondition>,
): Either.Either<ReadonlyArray<ReadCondition>, ConditionSyntaxError> => {
  const read: Array<ReadCondition> = []
  for (const { condition: text, severity } of conditions) {
    const condition = parseOnce(text)
    if (Either.isLeft(condition)) return Either.left(condition.left)
    read.push({ text, severity, condition: condition.right })
  }
  return Either.right(read)
}

/** Holds all conditions of a check against what it saw: pure and total. They share the work that they may do. */
export const judge = (conditions: ReadonlyArray<ReadCondition>, observation: Observation): Judgement => {
  const work = new Work()
  const failed: Array<FailedCondition> = []
  let message = ""
  let status: Judgement["status"] = "Up"
  for (const { text, severity, condition } of conditions) {
    const examined = examine(condition, observation, work)
    if (examined.holds) continue
    const seen = seenIn(condition, examined)
    failed.push({ condition: text, severity, seen })
    if (status !== "Down") status = severity
    message = withSentence(message, `${shortText(text)} failed: ${shortName(printSide(condition.left))} was ${seen}`)
  }
  return failed.length === 0 ? up : { status, failed, message }
}

const shortText = (text: string): string => {
  const line = text.trim().replaceAll("\t", " ")
  return line.length <= maxTextLength ? line : `${storableText(line, maxTextLength - 1)}…`
}

/** A message with one more sentence, or with a sign that there is more once there is no room. */
const withSentence = (message: string, sentence: string): string => {
  if (message === "") return sentence
  if (message.endsWith(more)) return message
  const longer = `${message}; ${sentence}`
  if (longer.length <= maxMessageLength) return longer
  return message.length + more.length <= maxMessageLength ? message + more : message
}
