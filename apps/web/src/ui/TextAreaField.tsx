import type { ComponentProps, ReactNode } from "react"
import { Field } from "./Field.tsx"

/** A field for text of several lines; `code` for text that a machine reads. */
export const TextAreaField = ({
  label,
  hint,
  wrong,
  code = false,
  ...props
}: Omit<ComponentProps<"textarea">, "id" | "className"> & {
  readonly label: string
  readonly hint?: ReactNode
  readonly wrong?: string | undefined
  readonly code?: boolean
}) => (
  <Field label={label} hint={hint} wrong={wrong}>
    {(field) => (
      <textarea
        {...(code ? { spellCheck: false, autoCapitalize: "none", autoComplete: "off" } : {})}
        {...props}
        {...field}
        className={`input ${code ? "code" : ""}`}
      />
    )}
  </Field>
)
