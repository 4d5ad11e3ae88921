import { Disclosure } from "../../../ui/Disclosure.tsx"
import { NumberField } from "../../../ui/NumberField.tsx"
import { useForm, useIssue } from "../FormContext.tsx"

/** How long a check may take, and whether there are checks at all. */
export const TimingSection = () => {
  const { change, form } = useForm()
  const wrong = useIssue("timeoutMs")
  if (form.kind === "heartbeat") return null
  const { timeoutMs } = form
  return (
    <Disclosure title="Timeout" summary={timeoutMs === undefined ? "" : `${timeoutMs / 1_000} s`}>
      <NumberField
        label="Timeout in seconds"
        name="timeoutMs"
        wrong={wrong}
        value={timeoutMs === undefined ? undefined : timeoutMs / 1_000}
        onValue={(seconds) => change({ timeoutMs: seconds === undefined ? undefined : Math.round(seconds * 1_000) })}
        min={0.1}
        max={60}
        step="any"
        required
        hint="One deadline for all of a check: name, connection, TLS, answer."
      />
    </Disclosure>
  )
}
