import type { ComponentProps, ReactNode } from "react"
import { useId } from "react"
import { Icon } from "./Icon.tsx"

/** A labelled field: `hint` says what belongs there, `wrong` what is not right with it. */
export const Field = ({
  label,
  hint,
  wrong,
  children,
}: {
  readonly label: string
  readonly hint?: ReactNode
  readonly wrong?: string | undefined
  readonly children: (props: {
    readonly id: string
    readonly "aria-describedby": string | undefined
    readonly "aria-invalid": boolean
  }) => ReactNode
}) => {
  const id = useId()
  const said = [hint === undefined ? [] : [`${id}-hint`], wrong === undefined ? [] : [`${id}-wrong`]].flat()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-describedby": said.length === 0 ? undefined : said.join(" "),
        "aria-invalid": wrong !== undefined,
      })}
      {wrong !== undefined && (
        <p className="wrong" id={`${id}-wrong`} role="alert">
          <Icon name="alert" />
          {wrong}
        </p>
      )}
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

/** A field for a line of text. */
export const TextField = ({
  label,
  hint,
  wrong,
  ...props
}: Omit<ComponentProps<"input">, "id" | "className"> & {
  readonly label: string
  readonly hint?: ReactNode
  readonly wrong?: string | undefined
}) => (
  <Field label={label} hint={hint} wrong={wrong}>
    {(field) => <input {...props} {...field} className="input" />}
  </Field>
)
