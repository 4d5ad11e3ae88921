import type { ReactNode } from "react"
import { useState } from "react"
import { Field } from "./Field.tsx"

/** Units of time by their names, in seconds. */
const units = [
  ["seconds", 1],
  ["minutes", 60],
  ["hours", 3_600],
  ["days", 86_400],
] as const

type Unit = (typeof units)[number][0]

/** The largest unit in which a duration is a whole number. */
const unitOf = (seconds: number | undefined): Unit =>
  units.findLast(([, size]) => seconds !== undefined && seconds !== 0 && seconds % size === 0)?.[0] ?? "seconds"

/** A field for a duration, as a number and its unit; its value is in whole seconds, undefined while none is typed. */
export const DurationField = ({
  label,
  hint,
  wrong,
  name,
  seconds,
  onSeconds,
  min,
  max,
  required = true,
}: {
  readonly label: string
  readonly hint?: ReactNode
  readonly wrong?: string | undefined
  readonly name: string
  readonly seconds: number | undefined
  readonly onSeconds: (seconds: number | undefined) => void
  readonly min: number
  readonly max: number
  readonly required?: boolean
}) => {
  const [unit, setUnit] = useState<Unit>(() => unitOf(seconds))
  const size = units.find(([each]) => each === unit)?.[1] ?? 1
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(field) => (
        <div className="duration-field">
          <input
            {...field}
            name={name}
            type="number"
            inputMode="decimal"
            className="input"
            required={required}
            step="any"
            min={min / size}
            max={max / size}
            value={seconds === undefined ? "" : seconds / size}
            onChange={({ target }) =>
              onSeconds(target.value === "" ? undefined : Math.round(target.valueAsNumber * size))
            }
          />
          <select
            className="input"
            aria-label={`${label}: unit`}
            value={unit}
            onChange={({ target }) => {
              const next = units[target.selectedIndex]
              if (next === undefined) return
              setUnit(next[0])
              if (seconds !== undefined) onSeconds(Math.round((seconds / size) * next[1]))
            }}
          >
            {units.map(([each, unitSize]) => (
              <option key={each} value={each} disabled={unitSize > max}>
                {each}
              </option>
            ))}
          </select>
        </div>
      )}
    </Field>
  )
}
