import { useMutation } from "@tanstack/react-query"
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react"
import { ApiFailure } from "../../api/ApiFailure.ts"
import type { MonitorOverview } from "../../api/types.ts"
import { Button } from "../../ui/Button.tsx"
import { FailureNotice } from "../../ui/Feedback.tsx"
import { runTest } from "../testRun/runTest.ts"
import { TestRunView } from "../testRun/TestRunView.tsx"
import { BasicFields } from "./BasicFields.tsx"
import { seenInResults, seenInTestRun } from "./conditions/conditionsSeen.ts"
import { FormProvider } from "./FormContext.tsx"
import "./form.css"
import { firstInvalid, firstOf, reveal } from "./formFocus.ts"
import { LeaveGuard } from "./LeaveGuard.tsx"
import { type MonitorForm, type MonitorPayload, saysTheSame } from "./MonitorForm.ts"
import { payloadOf } from "./monitorPayload.ts"
import { AlertsSection } from "./sections/AlertsSection.tsx"
import { ConditionsSection } from "./sections/ConditionsSection.tsx"
import { ConfirmationSection } from "./sections/ConfirmationSection.tsx"
import { OrderSection } from "./sections/OrderSection.tsx"
import { ParentsSection } from "./sections/ParentsSection.tsx"
import { RequestSection } from "./sections/RequestSection.tsx"
import { TimingSection } from "./sections/TimingSection.tsx"

/**
 * The form of a monitor, new or not.
 *
 * @param save stores what the form says
 * @param onSaved goes on from here
 */
export const MonitorFormView = <Saved,>({
  initial,
  monitor,
  saveLabel,
  save,
  onSaved,
  cancel,
}: {
  readonly initial: MonitorForm
  readonly monitor: MonitorOverview | null
  readonly saveLabel: string
  readonly save: (payload: MonitorPayload) => Promise<Saved>
  readonly onSaved: (saved: Saved) => void
  readonly cancel: ReactNode
}) => {
  const [form, setForm] = useState(initial)
  const element = useRef<HTMLFormElement>(null)
  const saving = useMutation({ mutationFn: save, onSuccess: onSaved })
  const trying = useMutation({
    mutationFn: (payload: MonitorPayload) =>
      runTest({ ...payload, ...(monitor === null ? {} : { monitorId: monitor.id }) }),
  })
  const error = saving.error ?? trying.error
  const tried = trying.data
  const seen = useMemo(() => {
    if (tried !== undefined) return (condition: string) => seenInTestRun(condition, tried)
    const judgedBy = monitor?.conditions.map(({ condition }) => condition) ?? []
    return (condition: string) => seenInResults(condition, judgedBy, monitor?.locations ?? [])
  }, [tried, monitor])
  const unplaced = useUnplaced(element, error)

  const submit = (to: typeof saving.mutate | typeof trying.mutate) => {
    saving.reset()
    trying.reset()
    const invalid = firstInvalid(element.current)
    if (invalid === null) return to(payloadOf(form))
    reveal(invalid)
    invalid.reportValidity()
  }
  return (
    <FormProvider form={form} monitorId={monitor?.id ?? null} error={error} seen={seen} update={setForm}>
      <form
        ref={element}
        className="monitor-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!saving.isPending) submit(saving.mutate)
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          // What is still being typed into a list is taken when the field is left.
          if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
          setTimeout(() => element.current?.requestSubmit(), 0)
        }}
      >
        <div className="card stack">
          <BasicFields />
        </div>
        <div className="card sections">
          <RequestSection />
          <ConditionsSection />
          <TimingSection />
          <ConfirmationSection />
          <AlertsSection />
          <ParentsSection />
          <OrderSection />
        </div>
        {(trying.isPending || tried !== undefined) && <TestRunView run={tried} />}
        {unplaced && <FailureNotice error={error} />}
        <div className="form-actions">
          <Button tone="primary" type="submit" busy={saving.isPending}>
            {saveLabel}
          </Button>
          {form.kind !== "heartbeat" && (
            <Button busy={trying.isPending} onClick={() => submit(trying.mutate)}>
              Try it
            </Button>
          )}
          {cancel}
          <span className="muted small only-wide">
            <kbd>Ctrl</kbd> <kbd>Enter</kbd> saves
          </span>
        </div>
      </form>
      <LeaveGuard active={!saving.isPending && !saving.isSuccess && !saysTheSame(form, initial)} />
    </FormProvider>
  )
}

/** Leads to the first field that the server refused; whether there is something that no field stands for. */
const useUnplaced = (element: { readonly current: HTMLFormElement | null }, error: unknown): boolean => {
  const [unplaced, setUnplaced] = useState(false)
  useEffect(() => {
    const paths = error instanceof ApiFailure ? error.issues.map(({ path }) => path.join(".")) : []
    const field = firstOf(element.current, paths)
    setUnplaced(error !== null && (field === null || paths.some((path) => firstOf(element.current, [path]) === null)))
    if (field === null) return
    reveal(field)
    field.focus()
  }, [element, error])
  return unplaced
}
