import type { ReactNode } from "react"
import { useId, useRef, useState } from "react"
import { Field } from "./Field.tsx"
import { Icon } from "./Icon.tsx"

/** The tokens of a text with commas between, that are not there yet. */
const added = (tokens: ReadonlyArray<string>, text: string): ReadonlyArray<string> => [
  ...new Set([
    ...tokens,
    ...text
      .split(",")
      .map((token) => token.trim())
      .filter((token) => token !== ""),
  ]),
]

/** A list of short texts: Enter or a comma adds one, Backspace takes the last one away. */
export const TokensField = ({
  label,
  hint,
  wrong,
  name,
  tokens,
  onTokens,
  suggestions = [],
  placeholder,
  maxLength,
}: {
  readonly label: string
  readonly hint?: ReactNode
  readonly wrong?: string | undefined
  readonly name: string
  readonly tokens: ReadonlyArray<string>
  readonly onTokens: (tokens: ReadonlyArray<string>) => void
  readonly suggestions?: ReadonlyArray<string>
  readonly placeholder?: string
  readonly maxLength?: number
}) => {
  const [text, setText] = useState("")
  const listId = useId()
  const input = useRef<HTMLInputElement>(null)
  const take = (typed: string) => {
    if (typed.trim() !== "") onTokens(added(tokens, typed))
    setText("")
  }
  const remove = (token: string) => {
    onTokens(tokens.filter((each) => each !== token))
    input.current?.focus()
  }
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(field) => (
        <div className="tokens">
          {tokens.length > 0 && (
            <ul aria-label={`${label}: chosen`}>
              {tokens.map((token) => (
                <li key={token}>
                  <span>{token}</span>
                  <button type="button" aria-label={`Remove ${token}`} onClick={() => remove(token)}>
                    <Icon name="close" size={12} />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <input
            {...field}
            ref={input}
            name={name}
            className="input"
            autoComplete="off"
            autoCapitalize="none"
            list={suggestions.length === 0 ? undefined : listId}
            placeholder={tokens.length === 0 ? placeholder : undefined}
            maxLength={maxLength}
            value={text}
            onChange={({ target }) => {
              if (target.value.includes(",") || suggestions.includes(target.value)) take(target.value)
              else setText(target.value)
            }}
            onBlur={() => take(text)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && text.trim() !== "" && !event.ctrlKey && !event.metaKey) {
                event.preventDefault()
                take(text)
              }
              const last = tokens.at(-1)
              if (event.key === "Backspace" && text === "" && last !== undefined) remove(last)
            }}
          />
          {suggestions.length > 0 && (
            <datalist id={listId}>
              {suggestions
                .filter((suggestion) => !tokens.includes(suggestion))
                .map((suggestion) => (
                  <option key={suggestion} value={suggestion} />
                ))}
            </datalist>
          )}
        </div>
      )}
    </Field>
  )
}
