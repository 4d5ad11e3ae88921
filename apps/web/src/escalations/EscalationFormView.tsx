import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useEffect, useRef, useState } from "react"
import { flushSync } from "react-dom"
import { issueAt } from "../api/ApiFailure.ts"
import { channelsQuery } from "../channels/queries.ts"
import { Button, buttonClass } from "../ui/Button.tsx"
import { Empty, ErrorState, FailureNotice, Loading, Skeleton } from "../ui/Feedback.tsx"
import { TextField } from "../ui/Field.tsx"
import { Icon } from "../ui/Icon.tsx"
import {
  type EscalationForm,
  limits,
  payloadOfEscalation,
  problemsOfEscalation,
  type StepForm,
  withMoved,
  withStep,
} from "./escalationForm.ts"
import { StepFields } from "./StepFields.tsx"

/** The form of an escalation policy. */
export const EscalationFormView = ({
  start,
  submit,
  busy,
  error,
  onSubmit,
}: {
  readonly start: EscalationForm
  readonly submit: string
  readonly busy: boolean
  readonly error: unknown
  readonly onSubmit: (payload: ReturnType<typeof payloadOfEscalation>) => void
}) => {
  const channels = useQuery(channelsQuery)
  const [form, setForm] = useState(start)
  const [tries, setTries] = useState(0)
  const [said, setSaid] = useState("")
  const element = useRef<HTMLFormElement>(null)
  const problems = tries === 0 ? new Map<string, string>() : problemsOfEscalation(form)
  const wrongName = problems.get("name") ?? issueAt(error, "name")
  useEffect(() => {
    if (tries > 0) element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus()
  }, [tries])
  if (channels.data === undefined) {
    return channels.isPending ? (
      <Loading>
        <Skeleton height={320} />
      </Loading>
    ) : (
      <ErrorState error={channels.error} heading="h2" onRetry={() => void channels.refetch()} />
    )
  }
  if (channels.data.length === 0) {
    return (
      <Empty
        icon="bell"
        title="First, a channel"
        action={
          <Link to="/channels" className={buttonClass("primary")}>
            To the channels
          </Link>
        }
      >
        An escalation tells channels, and there is none yet.
      </Empty>
    )
  }
  const setSteps = (steps: ReadonlyArray<StepForm>) => setForm({ ...form, steps })
  const focusStep = (index: number, selector: string) =>
    element.current?.querySelectorAll(".escalation-step")[index]?.querySelector<HTMLElement>(selector)?.focus()
  const move = (index: number, by: -1 | 1) => {
    flushSync(() => {
      setSteps(withMoved(form.steps, index, by))
      setSaid(`Moved to step ${index + by + 1} of ${form.steps.length}`)
    })
    focusStep(index + by, by === -1 ? ".move-up:enabled, .move-down:enabled" : ".move-down:enabled, .move-up:enabled")
  }
  return (
    <form
      ref={element}
      className="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setTries(tries + 1)
        if (problemsOfEscalation(form).size === 0) onSubmit(payloadOfEscalation(form))
      }}
    >
      {issueAt(error, "name") === undefined && <FailureNotice error={error} />}
      <TextField
        label="Name"
        name="name"
        autoComplete="off"
        maxLength={200}
        placeholder="Wake the operators"
        value={form.name}
        onChange={(event) => setForm({ ...form, name: event.target.value })}
        wrong={wrongName}
      />
      <p className="muted">
        An incident is told to the monitor's own channels first. While nobody acknowledges it, these follow.
      </p>
      <ol className="escalation-steps" aria-label="Steps">
        {form.steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
          <li key={index} className="escalation-step">
            <StepFields
              step={step}
              index={index}
              count={form.steps.length}
              channels={channels.data}
              problems={problems}
              onStep={(next) => setSteps(form.steps.with(index, next))}
              onMove={(by) => move(index, by)}
              onRemove={() => {
                flushSync(() => {
                  setSteps(form.steps.filter((_, place) => place !== index))
                  setSaid(`Removed step ${index + 1}`)
                })
                focusStep(Math.max(0, index - 1), "input")
              }}
            />
          </li>
        ))}
      </ol>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {form.steps.length < limits.steps && (
        <Button
          className="more"
          onClick={() => {
            flushSync(() => setSteps(withStep(form.steps)))
            focusStep(form.steps.length, "input")
          }}
        >
          <Icon name="plus" />
          Add a step
        </Button>
      )}
      <div className="row">
        <Button tone="primary" type="submit" busy={busy}>
          {submit}
        </Button>
        <Link to="/channels/escalations" className={buttonClass("quiet")}>
          Cancel
        </Link>
      </div>
    </form>
  )
}
