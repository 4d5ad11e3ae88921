import { Disclosure } from "../../../ui/Disclosure.tsx"
import { DurationField } from "../../../ui/DurationField.tsx"
import { counted, span } from "../../../ui/format.ts"
import { useForm, useIssue } from "../FormContext.tsx"
import { CountField } from "../fields.tsx"
import type { MonitorForm } from "../MonitorForm.ts"

/** What it takes before a change is believed. */
export const ConfirmationSection = () => {
  const { change, form } = useForm()
  const { confirmation, kind } = form
  const set = (changes: MonitorForm["confirmation"]) => change({ confirmation: { ...confirmation, ...changes } })
  const retryWrong = useIssue("confirmation.retrySeconds")
  // A heartbeat is believed at once, and comes from nowhere in particular.
  if (kind === "heartbeat") return null
  return (
    <Disclosure title="Confirmation" summary={confirmationText(confirmation)}>
      <div className="field-row">
        <CountField
          label="Failures in a row"
          path="confirmation.failures"
          value={confirmation.failures}
          onValue={(failures) => set({ failures })}
          min={1}
          max={10}
          required
          hint="Before a region is down."
        />
        <CountField
          label="Good checks in a row"
          path="confirmation.successes"
          value={confirmation.successes}
          onValue={(successes) => set({ successes })}
          min={1}
          max={10}
          required
          hint="Before it is up again."
        />
      </div>
      <div className="field-row">
        <DurationField
          label="Check again after"
          name="confirmation.retrySeconds"
          wrong={retryWrong}
          seconds={confirmation.retrySeconds}
          onSeconds={(retrySeconds) => set({ retrySeconds })}
          min={10}
          max={86_400}
          hint="While a change is being confirmed; no later than the next check."
        />
        <CountField
          label="Regions that must know"
          path="confirmation.minRegions"
          value={confirmation.minRegions}
          onValue={(minRegions) => set({ minRegions })}
          min={1}
          max={64}
          required
          hint="Every region checks; with fewer answers than this the status is unknown."
        />
      </div>
    </Disclosure>
  )
}

const confirmationText = ({ failures = 1, retrySeconds }: MonitorForm["confirmation"]): string =>
  failures === 1
    ? "Believed at once"
    : `${counted(failures, "failure")} in a row${retrySeconds === undefined ? "" : `, ${span(retrySeconds * 1_000)} apart`}`
