import { secretMask } from "@uptime/domain/SecretMask"
import type { ReactNode } from "react"
import { useRef, useState } from "react"
import { flushSync } from "react-dom"
import { Button } from "./Button.tsx"
import { Field } from "./Field.tsx"

/**
 * A field for a secret: it is written and never read. One that is there already is kept, until it is replaced or removed.
 *
 * @param value `secretMask` for one that is kept
 * @param onRemove left out where there must be one
 */
export const SecretField = ({
  label,
  hint,
  wrong,
  name,
  value,
  onValue,
  onRemove,
  required = false,
  lines = false,
}: {
  readonly label: string
  readonly hint?: ReactNode
  readonly wrong?: string | undefined
  readonly name: string
  readonly value: string | undefined
  readonly onValue: (value: string) => void
  readonly onRemove?: () => void
  readonly required?: boolean
  /** Whether it has several lines, as a key has. */
  readonly lines?: boolean
}) => {
  const [wasKept] = useState(value === secretMask)
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  const begin = (next: string) => {
    flushSync(() => onValue(next))
    input.current?.focus()
  }
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(field) => {
        const props = {
          ...field,
          ref: input,
          name,
          required,
          maxLength: 4_096,
          autoComplete: "off",
          spellCheck: false,
          onChange: ({ target }: { readonly target: { readonly value: string } }) => onValue(target.value),
        }
        if (value === secretMask) {
          return (
            <div className="secret-kept">
              <input {...field} name={name} className="input" readOnly value="Kept as it is" ref={input} />
              <Button onClick={() => begin("")}>
                Replace<span className="visually-hidden"> {label.toLowerCase()}</span>
              </Button>
              {onRemove !== undefined && (
                <Button tone="danger" onClick={onRemove}>
                  Remove<span className="visually-hidden"> {label.toLowerCase()}</span>
                </Button>
              )}
            </div>
          )
        }
        return (
          <div className="secret-kept">
            {lines ? (
              <textarea {...props} rows={4} className="input code" value={value ?? ""} />
            ) : (
              <input {...props} type="password" className="input" value={value ?? ""} />
            )}
            {wasKept && (
              <Button onClick={() => begin(secretMask)}>
                Keep the old one<span className="visually-hidden"> as {label.toLowerCase()}</span>
              </Button>
            )}
          </div>
        )
      }}
    </Field>
  )
}
