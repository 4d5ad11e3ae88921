import type { ComponentProps } from "react"
import { CheckField } from "../../ui/CheckField.tsx"
import { TextField } from "../../ui/Field.tsx"
import { NumberField } from "../../ui/NumberField.tsx"
import { SecretField } from "../../ui/SecretField.tsx"
import { SelectField } from "../../ui/SelectField.tsx"
import { TextAreaField } from "../../ui/TextAreaField.tsx"
import { TokensField } from "../../ui/TokensField.tsx"
import { useIssue, useIssueWithin } from "./FormContext.tsx"

/** Fields that show what the server says against their path in the request, which is their name, too. */

interface Text {
  readonly path: string
  readonly value: string | undefined
  /** Undefined for a text that is empty: then the default holds. */
  readonly onText: (text: string | undefined) => void
}

const machineRead = { autoCapitalize: "none", autoComplete: "off", spellCheck: false }

/** A line of text. */
export const LineField = ({
  path,
  value,
  onText,
  ...props
}: Omit<ComponentProps<typeof TextField>, "name" | "value" | "onChange" | "wrong"> & Text) => (
  <TextField
    {...machineRead}
    {...props}
    name={path}
    wrong={useIssue(path)}
    value={value ?? ""}
    onChange={({ target }) => onText(target.value === "" ? undefined : target.value)}
  />
)

/** Text of several lines. */
export const LinesField = ({
  path,
  value,
  onText,
  ...props
}: Omit<ComponentProps<typeof TextAreaField>, "name" | "value" | "onChange" | "wrong"> & Text) => (
  <TextAreaField
    code
    rows={3}
    {...props}
    name={path}
    wrong={useIssue(path)}
    value={value ?? ""}
    onChange={({ target }) => onText(target.value === "" ? undefined : target.value)}
  />
)

/** A number; undefined for the default. */
export const CountField = ({
  path,
  ...props
}: Omit<ComponentProps<typeof NumberField>, "name" | "wrong"> & { readonly path: string }) => (
  <NumberField step={1} {...props} name={path} wrong={useIssue(path)} />
)

/** One of a few; the first is what holds when nothing is said, and is shown then. */
export const ChoiceField = <T extends string>({
  path,
  value,
  ...props
}: Omit<Parameters<typeof SelectField<T>>[0], "name" | "wrong" | "value"> & {
  readonly path: string
  readonly value: T | undefined
}) => {
  const wrong = useIssue(path)
  const shown = value ?? props.options[0]?.[0]
  return shown === undefined ? null : <SelectField {...props} name={path} wrong={wrong} value={shown} />
}

/** On or off; off when nothing is said. */
export const SwitchField = ({
  path,
  value,
  ...props
}: Omit<ComponentProps<typeof CheckField>, "name" | "checked"> & {
  readonly path: string
  readonly value: boolean | undefined
}) => <CheckField {...props} name={path} checked={value ?? false} />

/** A secret. */
export const PasswordField = ({
  path,
  ...props
}: Omit<ComponentProps<typeof SecretField>, "name" | "wrong"> & { readonly path: string }) => (
  <SecretField {...props} name={path} wrong={useIssue(path)} />
)

/** A list of short texts; undefined for none. */
export const ListField = ({
  path,
  value,
  onList,
  ...props
}: Omit<ComponentProps<typeof TokensField>, "name" | "wrong" | "tokens" | "onTokens"> & {
  readonly path: string
  readonly value: ReadonlyArray<string> | undefined
  readonly onList: (value: ReadonlyArray<string> | undefined) => void
}) => (
  <TokensField
    {...props}
    name={path}
    wrong={useIssueWithin(path)}
    tokens={value ?? []}
    onTokens={(tokens) => onList(tokens.length === 0 ? undefined : tokens)}
  />
)
