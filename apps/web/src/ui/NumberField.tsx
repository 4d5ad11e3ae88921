import type { ComponentProps, ReactNode } from "react"
import { Field } from "./Field.tsx"

/** A field for a number; undefined while none is typed. */
export const NumberField = ({
  label,
  hint,
  wrong,
  value,
  onValue,
  ...props
}: Omit<ComponentProps<"input">, "id" | "className" | "type" | "value" | "onChange"> & {
  readonly label: string
  readonly hint?: ReactNode
  readonly wrong?: string | undefined
  readonly value: number | undefined
  readonly onValue: (value: number | undefined) => void
}) => (
  <Field label={label} hint={hint} wrong={wrong}>
    {(field) => (
      <input
        {...props}
        {...field}
        type="number"
        inputMode="decimal"
        className="input number-input"
        value={value ?? ""}
        onChange={({ target }) => onValue(target.value === "" ? undefined : target.valueAsNumber)}
      />
    )}
  </Field>
)
