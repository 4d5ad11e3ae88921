import { Button } from "../ui/Button.tsx"
import { Field, TextField } from "../ui/Field.tsx"
import type { Draft } from "./draft.ts"
import { MonthDayField } from "./MonthDayField.tsx"
import { weekdayNames } from "./planText.ts"
import {
  everyWeek,
  type Frequency,
  frequencies,
  partsOf,
  type RuleEnd,
  type RuleParts,
  ruleOf,
  weekdays,
} from "./rule.ts"

const units: Readonly<Record<Frequency, string>> = {
  HOURLY: "hours",
  DAILY: "days",
  WEEKLY: "weeks",
  MONTHLY: "months",
  YEARLY: "years",
}

const ends: ReadonlyArray<readonly [kind: RuleEnd["kind"], label: string]> = [
  ["never", "Never"],
  ["until", "After a day"],
  ["count", "After so many times"],
]

/** How a maintenance recurs: by choice, or as a rule of RFC 5545 that is written by hand. */
export const RuleFields = ({
  draft,
  onChange,
  wrong,
}: {
  readonly draft: Draft
  readonly onChange: (part: Partial<Draft>) => void
  readonly wrong: string | undefined
}) => {
  const { parts } = draft
  if (parts === null) {
    const known = partsOf(draft.rule)
    return (
      <div className="rule-fields">
        <TextField
          label="Rule"
          value={draft.rule}
          spellCheck={false}
          autoComplete="off"
          maxLength={500}
          onChange={(event) => onChange({ rule: event.target.value })}
          wrong={wrong}
          hint="A recurrence rule (RRULE, RFC 5545), such as FREQ=MONTHLY;BYDAY=1SU."
        />
        <Button className="small" onClick={() => onChange({ parts: known ?? everyWeek })}>
          {known === null ? "Start over by choosing" : "Choose instead"}
        </Button>
      </div>
    )
  }
  const change = (part: Partial<RuleParts>) => {
    const next = { ...parts, ...part }
    onChange({ parts: next, rule: ruleOf(next) })
  }
  return (
    <div className="rule-fields">
      <div className="field-pair">
        <Field label="Every" wrong={wrong}>
          {(field) => (
            <div className="every">
              <input
                {...field}
                className="input"
                type="number"
                min={1}
                max={1000}
                value={Number.isNaN(parts.interval) ? "" : parts.interval}
                onChange={(event) => change({ interval: event.target.valueAsNumber })}
              />
              <select
                className="input"
                aria-label="Unit"
                value={parts.frequency}
                onChange={(event) =>
                  change({ frequency: frequencies.find((each) => each === event.target.value) ?? "WEEKLY" })
                }
              >
                {frequencies.map((frequency) => (
                  <option key={frequency} value={frequency}>
                    {units[frequency]}
                  </option>
                ))}
              </select>
            </div>
          )}
        </Field>
        <EndField end={parts.end} onChange={(end) => change({ end })} />
      </div>
      {parts.frequency === "WEEKLY" && (
        <fieldset className="weekdays">
          <legend>On</legend>
          {weekdays.map((day) => (
            <button
              key={day}
              type="button"
              aria-pressed={parts.days.includes(day)}
              onClick={() =>
                change({
                  days: parts.days.includes(day) ? parts.days.filter((each) => each !== day) : [...parts.days, day],
                })
              }
            >
              {weekdayNames[day].slice(0, 3)}
            </button>
          ))}
          {parts.days.length === 0 && <p className="small muted">That of the first time, while none is chosen.</p>}
        </fieldset>
      )}
      {parts.frequency === "MONTHLY" && (
        <MonthDayField from={draft.from} monthDay={parts.monthDay} onChange={(monthDay) => change({ monthDay })} />
      )}
      <div className="spread rule-text">
        <code>{draft.rule}</code>
        <Button tone="quiet" className="small" onClick={() => onChange({ parts: null, rule: ruleOf(parts) })}>
          Write the rule by hand
        </Button>
      </div>
    </div>
  )
}

const EndField = ({ end, onChange }: { readonly end: RuleEnd; readonly onChange: (end: RuleEnd) => void }) => (
  <Field label="Ends">
    {(field) => (
      <div className="every">
        <select
          {...field}
          className="input"
          value={end.kind}
          onChange={(event) => {
            const { value } = event.target
            if (value === "count") onChange({ kind: "count", count: 10 })
            else if (value === "until") onChange({ kind: "until", date: "" })
            else onChange({ kind: "never" })
          }}
        >
          {ends.map(([kind, label]) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
        </select>
        {end.kind === "until" && (
          <input
            className="input"
            type="date"
            aria-label="Last day"
            value={end.date}
            onChange={(event) => onChange({ kind: "until", date: event.target.value })}
          />
        )}
        {end.kind === "count" && (
          <input
            className="input"
            type="number"
            aria-label="How many times"
            min={1}
            max={1000}
            value={Number.isNaN(end.count) ? "" : end.count}
            onChange={(event) => onChange({ kind: "count", count: event.target.valueAsNumber })}
          />
        )}
      </div>
    )}
  </Field>
)
