import { useId } from "react"

/** One of a few: each with its label, and what it means. */
export const RadioField = <T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  readonly label: string
  readonly options: ReadonlyArray<{ readonly value: T; readonly label: string; readonly hint?: string }>
  readonly value: T
  readonly onChange: (value: T) => void
}) => {
  const id = useId()
  return (
    <fieldset className="radio-field">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="radio-option">
          <input
            type="radio"
            className="radio"
            name={id}
            checked={option.value === value}
            aria-describedby={option.hint === undefined ? undefined : `${id}-${option.value}`}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
          {option.hint !== undefined && (
            <small className="hint" id={`${id}-${option.value}`} aria-hidden="true">
              {option.hint}
            </small>
          )}
        </label>
      ))}
    </fieldset>
  )
}
