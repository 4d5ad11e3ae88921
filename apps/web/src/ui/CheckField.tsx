import type { ReactNode } from "react"
import { useId } from "react"

/** Something that is on or off; `hint` says what that means. */
export const CheckField = ({
  label,
  hint,
  name,
  checked,
  disabled = false,
  onChecked,
}: {
  readonly label: string
  readonly hint?: ReactNode
  readonly name?: string
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChecked: (checked: boolean) => void
}) => {
  const id = useId()
  return (
    <div className="check-field">
      <input
        type="checkbox"
        className="checkbox"
        id={id}
        name={name}
        checked={checked}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ target }) => onChecked(target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
