import { useId } from "react"
import { Field, TextField } from "../ui/Field.tsx"
import type { Draft, PlanIssues } from "./draft.ts"
import type { Plan } from "./queries.ts"
import { RuleFields } from "./RuleFields.tsx"

const kinds: ReadonlyArray<readonly [kind: Plan["kind"], label: string, says: string]> = [
  ["single", "Once", "From one time to another."],
  ["recurring", "Again and again", "By a rule, such as every Sunday night."],
  ["manual", "Until I end it", "It begins at a time, and ends when you say so."],
]

const zones = Intl.supportedValuesOf("timeZone")

/** When a maintenance is: once, by a rule, or until somebody ends it; on the clocks of a zone. */
export const PlanFields = ({
  draft,
  onChange,
  issues,
  tried,
}: {
  readonly draft: Draft
  readonly onChange: (part: Partial<Draft>) => void
  readonly issues: PlanIssues
  /** Whether it was tried to be saved: what is left empty is wrong only then. */
  readonly tried: boolean
}) => {
  const zonesId = useId()
  const isRecurring = draft.kind === "recurring"
  return (
    <section className="card stack" aria-labelledby="when-title">
      <h2 id="when-title">When</h2>
      <fieldset className="choices">
        <legend className="visually-hidden">How often</legend>
        {kinds.map(([kind, label, says]) => (
          <label key={kind}>
            <input type="radio" name="kind" checked={draft.kind === kind} onChange={() => onChange({ kind })} />
            <span>
              {label}
              <span className="small muted">{says}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="field-pair">
        <TextField
          label={isRecurring ? "First time" : "Begins"}
          type="datetime-local"
          value={draft.from}
          required
          onChange={(event) => onChange({ from: event.target.value })}
          wrong={tried || draft.from !== "" ? issues.from : undefined}
        />
        {draft.kind === "single" && (
          <TextField
            label="Ends"
            type="datetime-local"
            value={draft.to}
            required
            onChange={(event) => onChange({ to: event.target.value })}
            wrong={tried || draft.to !== "" ? issues.to : undefined}
          />
        )}
        {isRecurring && <Duration draft={draft} onChange={onChange} wrong={issues.duration} />}
      </div>
      <Field
        label="Time zone"
        hint="The times above are those of its clocks, through summer and winter."
        wrong={issues.timeZone}
      >
        {(field) => (
          <>
            <input
              {...field}
              className="input"
              list={zonesId}
              value={draft.timeZone}
              autoComplete="off"
              spellCheck={false}
              maxLength={64}
              onChange={(event) => onChange({ timeZone: event.target.value })}
            />
            <datalist id={zonesId}>
              {zones.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      {isRecurring && <RuleFields draft={draft} onChange={onChange} wrong={issues.rule} />}
    </section>
  )
}

const Duration = ({
  draft,
  onChange,
  wrong,
}: {
  readonly draft: Draft
  readonly onChange: (part: Partial<Draft>) => void
  readonly wrong: string | undefined
}) => (
  <Field label="Lasts" wrong={wrong}>
    {({ id, ...field }) => (
      <div className="duration">
        <input
          {...field}
          id={id}
          className="input"
          type="number"
          min={0}
          max={168}
          value={Number.isNaN(draft.hours) ? "" : draft.hours}
          onChange={(event) => onChange({ hours: event.target.valueAsNumber })}
        />
        <span aria-hidden="true">h</span>
        <input
          {...field}
          className="input"
          type="number"
          min={0}
          max={59}
          aria-label="Lasts, minutes"
          value={Number.isNaN(draft.minutes) ? "" : draft.minutes}
          onChange={(event) => onChange({ minutes: event.target.valueAsNumber })}
        />
        <span aria-hidden="true">min</span>
        <span className="visually-hidden">hours and minutes</span>
      </div>
    )}
  </Field>
)
