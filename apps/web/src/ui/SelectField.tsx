import type { ComponentProps, ReactNode } from "react"
import { Field } from "./Field.tsx"

/** A field that is one of a few values. */
export const SelectField = <T extends string | number>({
  label,
  hint,
  wrong,
  value,
  options,
  onValue,
  ...props
}: Omit<ComponentProps<"select">, "id" | "className" | "value" | "onChange" | "children"> & {
  readonly label: string
  readonly hint?: ReactNode
  readonly wrong?: string | undefined
  readonly value: T
  readonly options: ReadonlyArray<readonly [value: T, text: string]>
  readonly onValue: (value: T) => void
}) => (
  <Field label={label} hint={hint} wrong={wrong}>
    {(field) => (
      <select
        {...props}
        {...field}
        className="input"
        value={value}
        onChange={({ target }) => {
          const chosen = options[target.selectedIndex]
          if (chosen !== undefined) onValue(chosen[0])
        }}
      >
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    )}
  </Field>
)
