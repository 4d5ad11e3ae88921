import { DurationField } from "../../../ui/DurationField.tsx"
import { useIssue, useOptions } from "../FormContext.tsx"
import { LineField } from "../fields.tsx"
import { expectationOf } from "../heartbeatOptions.ts"

/** When a heartbeat is expected, and how much later it may come. */
export const HeartbeatFields = () => {
  const [heartbeat, change] = useOptions("heartbeat")
  const periodWrong = useIssue("heartbeat.periodSeconds")
  const graceWrong = useIssue("heartbeat.graceSeconds")
  const wrong = useIssue("heartbeat")
  const expectation = expectationOf(heartbeat)
  return (
    <fieldset className="stack plain" name="heartbeat" aria-describedby={wrong && "heartbeat-wrong"}>
      <legend className="label">Expected</legend>
      <div className="radio-row">
        <label>
          <input
            type="radio"
            name="expectation"
            checked={expectation === "period"}
            onChange={() =>
              change({ cron: undefined, timeZone: undefined, periodSeconds: heartbeat.periodSeconds ?? 3_600 })
            }
          />
          Every so often
        </label>
        <label>
          <input
            type="radio"
            name="expectation"
            checked={expectation === "cron"}
            onChange={() => change({ cron: "0 3 * * *", timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
          />
          By the clock (cron)
        </label>
      </div>
      {wrong !== undefined && (
        <p className="wrong" id="heartbeat-wrong" role="alert">
          {wrong}
        </p>
      )}
      <div className="field-row">
        {expectation === "period" ? (
          <DurationField
            label="Every"
            name="heartbeat.periodSeconds"
            wrong={periodWrong}
            seconds={heartbeat.periodSeconds}
            onSeconds={(periodSeconds) => change({ periodSeconds })}
            min={10}
            max={31_536_000}
          />
        ) : (
          <>
            <LineField
              label="Cron expression"
              path="heartbeat.cron"
              value={heartbeat.cron}
              onText={(cron = "") => change({ cron })}
              required
              maxLength={100}
              placeholder="0 3 * * *"
              hint="Minute, hour, day, month, weekday."
            />
            <LineField
              label="Time zone"
              path="heartbeat.timeZone"
              value={heartbeat.timeZone}
              onText={(timeZone) => change({ timeZone })}
              list="time-zones"
              placeholder="UTC"
              maxLength={64}
            />
            <datalist id="time-zones">
              {Intl.supportedValuesOf("timeZone").map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
        <DurationField
          label="Grace"
          name="heartbeat.graceSeconds"
          wrong={graceWrong}
          seconds={heartbeat.graceSeconds}
          onSeconds={(graceSeconds) => change({ graceSeconds })}
          min={0}
          max={2_592_000}
          required={false}
          hint="How much later it may come; a minute unless given."
        />
      </div>
    </fieldset>
  )
}
