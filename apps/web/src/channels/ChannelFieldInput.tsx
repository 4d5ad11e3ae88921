import { CheckField } from "../ui/CheckField.tsx"
import { TextField } from "../ui/Field.tsx"
import { SecretField } from "../ui/SecretField.tsx"
import { SelectField } from "../ui/SelectField.tsx"
import { TextAreaField } from "../ui/TextAreaField.tsx"
import type { ChannelField } from "./fields.ts"
import { PairsInput } from "./PairsInput.tsx"
import type { Value } from "./settings.ts"

const machineRead = { autoCapitalize: "none", autoComplete: "off", spellCheck: false }

/**
 * One field of a channel's form.
 *
 * @param problems what is wrong, by paths that begin with `config.`
 */
export const ChannelFieldInput = ({
  field,
  value,
  problems,
  onValue,
}: {
  readonly field: ChannelField
  readonly value: Value
  readonly problems: ReadonlyMap<string, string>
  readonly onValue: (value: Value) => void
}) => {
  const path = `config.${field.path}`
  const text = typeof value === "string" ? value : ""
  const common = {
    label: field.optional === true ? `${field.label} (optional)` : field.label,
    ...(field.hint === undefined ? {} : { hint: field.hint }),
    wrong: problems.get(path),
  }
  switch (field.type) {
    case "text":
    case "whole":
      return (
        <TextField
          {...machineRead}
          {...common}
          name={field.path}
          inputMode={field.type === "whole" ? "numeric" : (field.keys ?? "text")}
          placeholder={field.placeholder}
          value={text}
          onChange={(event) => onValue(event.target.value)}
        />
      )
    case "secret":
      return (
        <SecretField
          {...common}
          name={field.path}
          value={text}
          onValue={onValue}
          {...(field.optional === true ? { onRemove: () => onValue("") } : {})}
        />
      )
    case "lines":
      return (
        <TextAreaField
          {...machineRead}
          {...common}
          name={field.path}
          rows={2}
          placeholder={field.placeholder}
          value={text}
          onChange={(event) => onValue(event.target.value)}
        />
      )
    case "choice":
    case "branch":
      return (
        <SelectField
          {...common}
          name={field.path}
          value={text}
          options={field.options.map((option) => [option.value, option.label] as const)}
          onValue={onValue}
        />
      )
    case "switch":
      return (
        <CheckField
          label={field.label}
          {...(field.hint === undefined ? {} : { hint: field.hint })}
          checked={value === true}
          onChecked={onValue}
        />
      )
    case "pairs":
      return (
        <PairsInput field={field} pairs={Array.isArray(value) ? value : []} problems={problems} onPairs={onValue} />
      )
  }
}
