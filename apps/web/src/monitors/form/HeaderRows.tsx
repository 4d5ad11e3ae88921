import { useRef } from "react"
import { flushSync } from "react-dom"
import { Button } from "../../ui/Button.tsx"
import { Icon } from "../../ui/Icon.tsx"
import { useIssue } from "./FormContext.tsx"
import { LineField, PasswordField } from "./fields.tsx"

interface Header {
  readonly name: string
  readonly value: string
}

/** Headers that are sent along: a row each. Those of `secret` ones are never shown again. */
export const HeaderRows = ({
  path,
  label,
  secret,
  headers = [],
  max,
  onHeaders,
}: {
  readonly path: string
  /** What they are, such as `Headers`. */
  readonly label: string
  readonly secret: boolean
  readonly headers: ReadonlyArray<Header> | undefined
  readonly max: number
  readonly onHeaders: (headers: ReadonlyArray<Header> | undefined) => void
}) => {
  const wrong = useIssue(path)
  const whole = useRef<HTMLFieldSetElement>(null)
  const change = (next: ReadonlyArray<Header>, focus: string) => {
    flushSync(() => onHeaders(next.length === 0 ? undefined : next))
    whole.current?.querySelector<HTMLElement>(focus)?.focus()
  }
  return (
    <fieldset ref={whole} className="field rows" name={path} aria-describedby={wrong && `${path}-wrong`}>
      <legend className="label">{label}</legend>
      {headers.map((header, index) => (
        <HeaderRow
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no names of their own while they are typed
          key={`${index} of ${headers.length}`}
          path={`${path}.${index}`}
          secret={secret}
          header={header}
          onHeader={(next) => onHeaders(headers.with(index, next))}
          onRemove={() => change(headers.toSpliced(index, 1), ".add-row")}
        />
      ))}
      {wrong !== undefined && (
        <p className="wrong" id={`${path}-wrong`} role="alert">
          {wrong}
        </p>
      )}
      <Button
        className="small add-row"
        disabled={headers.length >= max}
        onClick={() => change([...headers, { name: "", value: "" }], ".header-row:last-of-type input")}
      >
        <Icon name="plus" />
        {secret ? "Add secret header" : "Add header"}
      </Button>
    </fieldset>
  )
}

const HeaderRow = ({
  path,
  secret,
  header,
  onHeader,
  onRemove,
}: {
  readonly path: string
  readonly secret: boolean
  readonly header: Header
  readonly onHeader: (header: Header) => void
  readonly onRemove: () => void
}) => {
  const value = {
    path: `${path}.value`,
    label: "Header value",
    value: header.value,
  }
  return (
    <div className="header-row">
      <LineField
        path={`${path}.name`}
        label="Header name"
        value={header.name}
        onText={(name = "") => onHeader({ ...header, name })}
        required
        maxLength={100}
      />
      {secret ? (
        <PasswordField {...value} required onValue={(text) => onHeader({ ...header, value: text })} />
      ) : (
        <LineField {...value} onText={(text = "") => onHeader({ ...header, value: text })} maxLength={2_000} />
      )}
      <Button tone="quiet" className="icon" aria-label={`Remove header ${header.name}`} onClick={onRemove}>
        <Icon name="trash" />
      </Button>
    </div>
  )
}
