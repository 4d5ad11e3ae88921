import { type ReactNode, useEffect, useRef, useState } from "react"
import { Button } from "../ui/Button.tsx"
import { CheckField } from "../ui/CheckField.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { TextField } from "../ui/Field.tsx"
import { ChannelFieldInput } from "./ChannelFieldInput.tsx"
import { type ChannelForm, problemsOfForm, refusedFields, tidied } from "./form.ts"
import { kindOf } from "./kinds.ts"
import { QuietHoursFields } from "./QuietHoursFields.tsx"
import { shownFields, type Value } from "./settings.ts"

/** The form of a channel of any kind. What is wrong is said once it is sent, and from then on while it is typed. */
export const ChannelFormView = ({
  start,
  submit,
  busy,
  error,
  onSubmit,
  cancel,
}: {
  readonly start: ChannelForm
  readonly submit: string
  readonly busy: boolean
  readonly error: unknown
  readonly onSubmit: (form: ChannelForm) => void
  /** Leads away without a change. */
  readonly cancel: ReactNode
}) => {
  const [form, setForm] = useState(start)
  const [tries, setTries] = useState(0)
  const element = useRef<HTMLFormElement>(null)
  const { label, steps } = kindOf(form.kind)
  const fields = shownFields(form.kind, form.values)
  const refused = refusedFields(error, ["name", ...fields.map(({ path }) => `config.${path}`)])
  const own = tries === 0 ? new Map<string, string>() : problemsOfForm(tidied(form))
  const problems = new Map([...(busy ? [] : refused.problems), ...own])
  const set = (path: string, value: Value) => setForm({ ...form, values: { ...form.values, [path]: value } })
  useEffect(() => {
    // Wherever it is, the first thing that is wrong is where the person goes on.
    if (tries > 0 || error !== null) element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus()
  }, [tries, error])
  return (
    <form
      ref={element}
      className="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const tidy = tidied(form)
        setForm(tidy)
        setTries(tries + 1)
        if (problemsOfForm(tidy).size === 0) onSubmit(tidy)
      }}
    >
      {steps.length > 0 && (
        <section className="steps" aria-label={`How to get what ${label} needs`}>
          <ol>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </section>
      )}
      <FailureNotice error={refused.rest} />
      {fields.map((field) => (
        <ChannelFieldInput
          key={field.path}
          field={field}
          value={form.values[field.path] ?? ""}
          problems={problems}
          onValue={(value) => set(field.path, value)}
        />
      ))}
      <TextField
        label="Name"
        name="name"
        autoComplete="off"
        maxLength={200}
        hint="As you will know it among your channels."
        value={form.name}
        onChange={(event) => setForm({ ...form, name: event.target.value })}
        wrong={problems.get("name")}
      />
      <fieldset className="form-section">
        <legend>When it is told</legend>
        <CheckField
          label="Of all monitors that name no channels"
          hint="By default, a new monitor names none."
          checked={form.isDefault}
          onChecked={(isDefault) => setForm({ ...form, isDefault })}
        />
        <QuietHoursFields
          quiet={form.quiet}
          wrong={problems.get("quiet")}
          onQuiet={(quiet) => setForm({ ...form, quiet })}
        />
        <CheckField
          label="It is on"
          hint="Off, it gets nothing, and keeps its settings."
          checked={form.enabled}
          onChecked={(enabled) => setForm({ ...form, enabled })}
        />
      </fieldset>
      <div className="row">
        <Button tone="primary" type="submit" busy={busy}>
          {submit}
        </Button>
        {cancel}
      </div>
    </form>
  )
}
