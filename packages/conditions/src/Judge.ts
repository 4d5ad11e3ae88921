import { storableText } from "@uptime/domain/CheckError"
import type { ConditionSeen, Severity, StoredCondition } from "@uptime/domain/Condition"
import { Either } from "effect"
import { parseOnce } from "./ConditionCache.ts"
import { printSide } from "./ConditionPrinter.ts"
import type { ConditionSyntaxError } from "./ConditionSyntaxError.ts"
import { examine } from "./Examine.ts"
import type { Observation } from "./Observation.ts"
import type { ParsedCondition } from "./ParsedCondition.ts"
import { seenIn, shortName } from "./SeenIn.ts"
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
  /** What was seen instead, as `seenIn` says it. */
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

/** Holds all conditions of a check against what it saw: total, and the same each time. They share the work that they may do. */
export const judge = (conditions: ReadonlyArray<ReadCondition>, observation: Observation): Judgement => {
  const work = new Work()
  let judgement = up
  for (const read of conditions) {
    const examined = examine(read.condition, observation, work)
    if (!examined.holds) judgement = withFailed(judgement, read, seenIn(read.condition, examined, work))
  }
  return judgement
}

/**
 * What `judge` makes of conditions that were looked at before.
 *
 * @param seen what `conditionsSeen` gave for these conditions
 */
export const judgeSeen = (conditions: ReadonlyArray<ReadCondition>, seen: ReadonlyArray<ConditionSeen>): Judgement =>
  conditions.reduce((judgement, read, i) => {
    const { holds, seen: text } = seen[i] ?? { holds: null, seen: null }
    return holds === false ? withFailed(judgement, read, text ?? "") : judgement
  }, up)

const withFailed = ({ failed, message, status }: Judgement, read: ReadCondition, seen: string): Judgement => {
  const { condition, severity, text } = read
  const sentence = `${shortText(text)} failed: ${shortName(printSide(condition.left))} was ${seen}`
  return {
    status: status === "Down" ? status : severity,
    failed: [...failed, { condition: text, severity, seen }],
    message: message === null ? sentence : withSentence(message, sentence),
  }
}

const shortText = (text: string): string => {
  const line = text.trim().replaceAll("\t", " ")
  return line.length <= maxTextLength ? line : `${storableText(line, maxTextLength - 1)}…`
}

/** A message with one more sentence, or with a sign that there is more once there is no room. */
const withSentence = (message: string, sentence: string): string => {
  if (message.endsWith(more)) return message
  const longer = `${message}; ${sentence}`
  if (longer.length <= maxMessageLength) return longer
  return message.length + more.length <= maxMessageLength ? message + more : message
}
