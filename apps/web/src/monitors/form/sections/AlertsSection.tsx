import { useQuery } from "@tanstack/react-query"
import { CheckField } from "../../../ui/CheckField.tsx"
import { Disclosure } from "../../../ui/Disclosure.tsx"
import { DurationField } from "../../../ui/DurationField.tsx"
import { counted } from "../../../ui/format.ts"
import { SelectField } from "../../../ui/SelectField.tsx"
import { statusWords } from "../../../ui/status.ts"
import { useForm, useIssue, useIssueWithin } from "../FormContext.tsx"
import type { MonitorForm } from "../MonitorForm.ts"
import { allEscalationsQuery } from "../queries.ts"
import { ChannelChoice } from "./ChannelChoice.tsx"

const statuses = ["Down", "Partial", "Degraded", "Unknown"] as const

/** What is told of a monitor, to whom, and how often. */
export const AlertsSection = () => {
  const { change, form } = useForm()
  const { alerts } = form
  const set = (changes: Partial<MonitorForm["alerts"]>) => change({ alerts: { ...alerts, ...changes } })
  const onWrong = useIssueWithin("alerts.on")
  const reminderWrong = useIssue("alerts.reminderMinutes")
  return (
    <Disclosure title="Alerts" summary={alertsText(alerts)}>
      <fieldset className="field checks" name="alerts.on" aria-describedby={onWrong && "alerts-on-wrong"}>
        <legend className="label">Open an incident when it is</legend>
        {statuses.map((status) => (
          <CheckField
            key={status}
            label={statusWords[status]}
            checked={alerts.on.includes(status)}
            onChecked={(checked) =>
              set({ on: statuses.filter((each) => (each === status ? checked : alerts.on.includes(each))) })
            }
          />
        ))}
        {onWrong !== undefined && (
          <p className="wrong" id="alerts-on-wrong" role="alert">
            {onWrong}
          </p>
        )}
      </fieldset>
      <ChannelChoice channels={alerts.channels} onChannels={(channels) => set({ channels })} />
      <EscalationField value={alerts.escalationId} onValue={(escalationId) => set({ escalationId })} />
      <CheckField
        label="Remind while nobody acknowledges"
        checked={alerts.reminderMinutes !== null}
        onChecked={(on) => set({ reminderMinutes: on ? 60 : null })}
      />
      {alerts.reminderMinutes !== null && (
        <DurationField
          label="Remind every"
          name="alerts.reminderMinutes"
          wrong={reminderWrong}
          seconds={alerts.reminderMinutes * 60}
          onSeconds={(seconds = 60) => set({ reminderMinutes: Math.round(seconds / 60) })}
          min={60}
          max={604_800}
        />
      )}
      <CheckField
        label="Share an incident"
        name="alerts.fold"
        checked={alerts.fold}
        onChecked={(fold) => set({ fold })}
        hint="With what fails together with it in its group, so that people are told once."
      />
    </Disclosure>
  )
}

const EscalationField = ({
  value,
  onValue,
}: {
  readonly value: string | null
  readonly onValue: (id: string | null) => void
}) => {
  const escalations = useQuery(allEscalationsQuery)
  const wrong = useIssue("alerts.escalationId")
  const known = escalations.data ?? []
  const isKnown = value === null || known.some(({ id }) => id === value)
  return (
    <SelectField
      label="Escalation"
      name="alerts.escalationId"
      wrong={wrong}
      value={value ?? ""}
      options={[
        ["", "Nobody else is told"],
        ...known.map(({ id, name }) => [id, name] as const),
        ...(isKnown ? [] : [[value, escalations.isPending ? "…" : "A policy that is not there"] as const]),
      ]}
      onValue={(id) => onValue(id === "" ? null : id)}
      hint="Who else is told when nobody acknowledges in time."
    />
  )
}

const alertsText = ({ channels, on }: MonitorForm["alerts"]): string => {
  if (on.length === 0) return "Nothing opens an incident"
  const who =
    channels === null ? "the default channels" : channels.length === 0 ? "nobody" : counted(channels.length, "channel")
  return `${on.map((status) => statusWords[status]).join(", ")}: ${who}`
}
