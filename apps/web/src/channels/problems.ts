import { secretMask } from "@uptime/domain/SecretMask"
import type { ChannelField, ChannelKind } from "./fields.ts"
import type { Rule } from "./rules.ts"
import { givenPairs, linesOf, pairsAt, shownFields, textAt, type Values } from "./settings.ts"

/** What is wrong with what a form holds, by path: that of a pair ends with its place and `name` or `value`. */
export const problemsOf = (kind: ChannelKind, values: Values): ReadonlyMap<string, string> => {
  const problems = new Map<string, string>()
  for (const field of shownFields(kind, values)) {
    for (const [path, problem] of problemsOfField(field, values)) problems.set(path, problem)
  }
  return problems
}

type Problems = ReadonlyArray<readonly [path: string, problem: string]>

const problemsOfField = (field: ChannelField, values: Values): Problems => {
  const { path } = field
  const text = textAt(values, path)
  switch (field.type) {
    case "branch":
    case "choice":
    case "switch":
      return []
    case "lines": {
      const lines = linesOf(text)
      if (lines.length === 0) return [[path, "Fill this in."]]
      if (lines.length > field.most) return [[path, `At most ${field.most}.`]]
      const wrong = lines.find((each) => field.rule(each) !== undefined)
      return wrong === undefined ? [] : [[path, `“${wrong}” is not right. ${field.rule(wrong) ?? ""}`]]
    }
    case "pairs":
      if (givenPairs(values, path).length > field.most) return [[path, `At most ${field.most}.`]]
      return pairsAt(values, path).flatMap((pair, index) =>
        pair.name === "" && pair.value === ""
          ? []
          : [
              ...problemOf(`${path}.${index}.name`, pair.name, field.name, false),
              ...problemOf(
                `${path}.${index}.value`,
                pair.value,
                field.secret === true ? unlessKept(field.value) : field.value,
                field.emptyValues === true,
              ),
            ],
      )
    case "secret":
      return problemOf(path, text, unlessKept(field.rule), field.optional === true)
    default:
      return problemOf(path, text, field.rule, field.optional === true)
  }
}

const unlessKept =
  (rule: Rule): Rule =>
  (text) =>
    text === secretMask ? undefined : rule(text)

const problemOf = (path: string, text: string, rule: Rule, optional: boolean): Problems => {
  if (text === "") return optional ? [] : [[path, "Fill this in."]]
  const wrong = rule(text)
  return wrong === undefined ? [] : [[path, wrong]]
}
