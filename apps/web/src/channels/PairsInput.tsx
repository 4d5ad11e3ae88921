import { useRef } from "react"
import { flushSync } from "react-dom"
import { Button } from "../ui/Button.tsx"
import { TextField } from "../ui/Field.tsx"
import { Icon } from "../ui/Icon.tsx"
import { SecretField } from "../ui/SecretField.tsx"
import type { PairsField } from "./fields.ts"
import type { Pair } from "./settings.ts"

/** Names with values, as many as there are. */
export const PairsInput = ({
  field,
  pairs,
  problems,
  onPairs,
}: {
  readonly field: PairsField
  readonly pairs: ReadonlyArray<Pair>
  readonly problems: ReadonlyMap<string, string>
  readonly onPairs: (pairs: ReadonlyArray<Pair>) => void
}) => {
  const group = useRef<HTMLFieldSetElement>(null)
  const add = useRef<HTMLButtonElement>(null)
  const path = `config.${field.path}`
  const wrong = problems.get(path)
  const change = (index: number, pair: Pair) => onPairs(pairs.with(index, pair))
  return (
    <fieldset className="pairs" ref={group}>
      <legend>{field.label} (optional)</legend>
      {field.hint !== undefined && <p className="hint">{field.hint}</p>}
      {pairs.map((pair, index) => {
        const value = {
          label: "Value",
          name: `${field.path}.${index}.value`,
          wrong: problems.get(`${path}.${index}.value`),
        }
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a pair is nothing but its place until it has a name
          <fieldset key={index} className="pair" aria-label={`${field.each} ${index + 1}`}>
            <TextField
              label="Name"
              name={`${field.path}.${index}.name`}
              autoCapitalize="none"
              autoComplete="off"
              spellCheck={false}
              value={pair.name}
              onChange={(event) => change(index, { ...pair, name: event.target.value })}
              wrong={problems.get(`${path}.${index}.name`)}
            />
            {field.secret === true ? (
              <SecretField {...value} value={pair.value} onValue={(text) => change(index, { ...pair, value: text })} />
            ) : (
              <TextField
                {...value}
                autoCapitalize="none"
                autoComplete="off"
                spellCheck={false}
                value={pair.value}
                onChange={(event) => change(index, { ...pair, value: event.target.value })}
              />
            )}
            <Button
              tone="quiet"
              className="icon"
              aria-label={`Remove ${field.each} ${index + 1}`}
              onClick={() => {
                onPairs(pairs.filter((_, place) => place !== index))
                add.current?.focus()
              }}
            >
              <Icon name="trash" />
            </Button>
          </fieldset>
        )
      })}
      {wrong !== undefined && (
        <p className="wrong" role="alert">
          <Icon name="alert" />
          {wrong}
        </p>
      )}
      {pairs.length < field.most && (
        <button
          ref={add}
          type="button"
          className="button small"
          onClick={() => {
            flushSync(() => onPairs([...pairs, { name: "", value: "" }]))
            group.current?.querySelector<HTMLInputElement>(".pair:last-of-type input")?.focus()
          }}
        >
          <Icon name="plus" />
          Add a {field.each}
        </button>
      )}
    </fieldset>
  )
}
