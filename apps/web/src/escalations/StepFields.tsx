import { useId } from "react"
import { ChannelMark } from "../channels/ChannelMark.tsx"
import type { Channel } from "../channels/form.ts"
import { Button } from "../ui/Button.tsx"
import { TextField } from "../ui/Field.tsx"
import { span } from "../ui/format.ts"
import { Icon } from "../ui/Icon.tsx"
import type { StepForm } from "./escalationForm.ts"

/** One step of an escalation: when, and whom it tells. Alt with an arrow key moves it, too. */
export const StepFields = ({
  step,
  index,
  count,
  channels,
  problems,
  onStep,
  onMove,
  onRemove,
}: {
  readonly step: StepForm
  readonly index: number
  readonly count: number
  readonly channels: ReadonlyArray<Channel>
  readonly problems: ReadonlyMap<string, string>
  readonly onStep: (step: StepForm) => void
  readonly onMove: (by: -1 | 1) => void
  readonly onRemove: () => void
}) => {
  const id = useId()
  const wrong = problems.get(`steps.${index}.channels`)
  const minutes = Number(step.minutes)
  return (
    <fieldset
      onKeyDown={(event) => {
        if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return
        event.preventDefault()
        const by = event.key === "ArrowUp" ? -1 : 1
        if (index + by >= 0 && index + by < count) onMove(by)
      }}
    >
      <legend className="visually-hidden">Step {index + 1}</legend>
      <div className="step-head">
        <TextField
          label="After (minutes)"
          name={`steps.${index}.afterMinutes`}
          inputMode="numeric"
          autoComplete="off"
          maxLength={5}
          value={step.minutes}
          onChange={(event) => onStep({ ...step, minutes: event.target.value })}
          wrong={problems.get(`steps.${index}.afterMinutes`)}
          hint={minutes >= 60 ? span(minutes * 60_000) : undefined}
        />
        <div className="step-buttons">
          <Button
            tone="quiet"
            className="icon move-up"
            aria-label={`Tell step ${index + 1} earlier`}
            disabled={index === 0}
            onClick={() => onMove(-1)}
          >
            <Icon name="arrowUp" />
          </Button>
          <Button
            tone="quiet"
            className="icon move-down"
            aria-label={`Tell step ${index + 1} later`}
            disabled={index === count - 1}
            onClick={() => onMove(1)}
          >
            <Icon name="arrowDown" />
          </Button>
          <Button
            tone="quiet"
            className="icon"
            aria-label={`Remove step ${index + 1}`}
            disabled={count === 1}
            onClick={onRemove}
          >
            <Icon name="trash" />
          </Button>
        </div>
      </div>
      <fieldset className="step-channels" aria-describedby={wrong === undefined ? undefined : `${id}-wrong`}>
        <legend>Tell</legend>
        <ul>
          {channels.map((channel, place) => (
            <li key={channel.id}>
              <label>
                <input
                  type="checkbox"
                  className="checkbox"
                  aria-invalid={wrong !== undefined && place === 0}
                  checked={step.channels.includes(channel.id)}
                  onChange={(event) =>
                    onStep({
                      ...step,
                      channels: event.target.checked
                        ? [...step.channels, channel.id]
                        : step.channels.filter((each) => each !== channel.id),
                    })
                  }
                />
                <ChannelMark kind={channel.config.kind} size={24} />
                <span className="clip">{channel.name}</span>
                {!channel.enabled && <span className="flag off">Off</span>}
              </label>
            </li>
          ))}
        </ul>
        {wrong !== undefined && (
          <p className="wrong" id={`${id}-wrong`} role="alert">
            <Icon name="alert" />
            {wrong}
          </p>
        )}
      </fieldset>
    </fieldset>
  )
}
