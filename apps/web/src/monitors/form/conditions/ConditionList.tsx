import { useRef } from "react"
import { flushSync } from "react-dom"
import { Button } from "../../../ui/Button.tsx"
import { Icon } from "../../../ui/Icon.tsx"
import { useForm, useIssue } from "../FormContext.tsx"
import type { ConditionDraft } from "../MonitorForm.ts"
import { ConditionInput } from "./ConditionInput.tsx"
import { conditionProblem } from "./conditionProblem.ts"
import { exampleConditions } from "./placeholderHelp.ts"
import { SeenList } from "./SeenList.tsx"

/** The most conditions of one check. */
const most = 20

/** All conditions of a check, each with what the last check saw for it. */
export const ConditionList = () => {
  const { change, form } = useForm()
  const { conditions, kind } = form
  const whole = useRef<HTMLDivElement>(null)
  const add = (condition: string) => {
    flushSync(() => change({ conditions: [...conditions, { condition, severity: "Down" }] }))
    focusOn(".condition:last-of-type input")
  }
  const remove = (index: number) => {
    flushSync(() => change({ conditions: conditions.toSpliced(index, 1) }))
    focusOn(".add-row")
  }
  const focusOn = (selector: string) => whole.current?.querySelector<HTMLElement>(selector)?.focus()
  return (
    <div ref={whole} className="stack">
      {conditions.map((condition, index) => (
        <ConditionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no names, and two may say the same while they are typed
          key={`${index} of ${conditions.length}`}
          index={index}
          condition={condition}
          onCondition={(next) => change({ conditions: conditions.with(index, next) })}
          onRemove={() => remove(index)}
        />
      ))}
      <div className="row wrap">
        <Button className="small add-row" disabled={conditions.length >= most} onClick={() => add("")}>
          <Icon name="plus" />
          Add condition
        </Button>
        {exampleConditions(kind)
          .filter((example) => conditions.length < most && !conditions.some(({ condition }) => condition === example))
          .map((example) => (
            <Button key={example} tone="quiet" className="small example" onClick={() => add(example)}>
              <span className="visually-hidden">Add </span>
              <code>{example}</code>
            </Button>
          ))}
      </div>
    </div>
  )
}

const ConditionRow = ({
  index,
  condition,
  onCondition,
  onRemove,
}: {
  readonly index: number
  readonly condition: ConditionDraft
  readonly onCondition: (condition: ConditionDraft) => void
  readonly onRemove: () => void
}) => {
  const { form } = useForm()
  const path = `conditions.${index}.condition`
  const refused = useIssue(path)
  const label = `Condition ${index + 1}`
  return (
    <div className="condition">
      <ConditionInput
        name={path}
        label={label}
        kind={form.kind}
        text={condition.condition}
        problem={conditionProblem(condition.condition)}
        refused={refused}
        onText={(text) => onCondition({ ...condition, condition: text })}
      />
      <label className="condition-severity">
        <span className="visually-hidden">{label}: </span>
        <span className="muted">else</span>
        <select
          className="input"
          value={condition.severity}
          onChange={({ target }) =>
            onCondition({ ...condition, severity: target.value === "Degraded" ? "Degraded" : "Down" })
          }
        >
          <option value="Down">Down</option>
          <option value="Degraded">Degraded</option>
        </select>
      </label>
      <Button tone="quiet" className="icon" aria-label={`Remove condition ${index + 1}`} onClick={onRemove}>
        <Icon name="trash" />
      </Button>
      <SeenList condition={condition.condition} />
    </div>
  )
}
