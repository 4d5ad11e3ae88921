import type { CheckKind } from "@uptime/domain/CheckKind"
import { useEffect, useId, useRef, useState } from "react"
import { flushSync } from "react-dom"
import { nextIndex } from "../../../ui/focus.ts"
import { OptionList, optionId } from "../../../ui/OptionList.tsx"
import { type Completion, completionsAt } from "./completions.ts"
import type { ConditionProblem } from "./conditionProblem.ts"

/**
 * The text of a condition: what may stand at the caret is offered while it is typed, and what is wrong stands under the
 * character that is.
 */
export const ConditionInput = ({
  name,
  label,
  kind,
  text,
  problem,
  refused,
  onText,
}: {
  readonly name: string
  readonly label: string
  readonly kind: CheckKind
  readonly text: string
  readonly problem: ConditionProblem | null
  /** What the server says against it, where nothing is seen to be wrong. */
  readonly refused: string | undefined
  readonly onText: (text: string) => void
}) => {
  const input = useRef<HTMLInputElement>(null)
  const under = useRef<HTMLDivElement>(null)
  const id = useId()
  const [caret, setCaret] = useState<number | null>(null)
  const [at, setAt] = useState<number | null>(null)
  const offered = caret === null ? [] : completionsAt(text, caret, kind)
  const shown = at !== null && at < offered.length ? at : offered[0]?.likely === true ? 0 : -1
  const listId = `${id}-list`
  useEffect(() => input.current?.setCustomValidity(problem?.message ?? ""), [problem])

  const choose = (completion: Completion | undefined) => {
    if (completion === undefined || caret === null) return
    const place = completion.from + completion.insert.length
    flushSync(() => {
      onText(text.slice(0, completion.from) + completion.insert + text.slice(caret).trimStart())
      setCaret(place)
      setAt(null)
    })
    input.current?.setSelectionRange(place, place)
  }
  const move = (next: number) => {
    setAt(next)
    document.getElementById(optionId(listId, next))?.scrollIntoView({ block: "nearest" })
  }
  return (
    <div className="condition-input">
      <input
        ref={input}
        name={name}
        className="input code"
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={offered.length > 0}
        aria-controls={offered.length === 0 ? undefined : listId}
        aria-activedescendant={shown === -1 ? undefined : optionId(listId, shown)}
        aria-invalid={problem !== null || refused !== undefined}
        aria-describedby={`${id}-problem`}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={500}
        placeholder="[STATUS] == 200"
        value={text}
        onFocus={({ target }) => setCaret(target.value === "" ? 0 : null)}
        onBlur={() => setCaret(null)}
        onScroll={({ currentTarget }) => {
          if (under.current !== null) under.current.style.translate = `${-currentTarget.scrollLeft}px 0`
        }}
        onChange={({ target }) => {
          onText(target.value)
          setCaret(target.selectionStart)
          setAt(null)
        }}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey) {
            if (event.key === " ") setCaret(event.currentTarget.selectionStart)
            return
          }
          if (offered.length === 0) return
          if (event.key === "Escape" || event.key === "ArrowLeft" || event.key === "ArrowRight") return setCaret(null)
          if (event.key === "Enter" && shown !== -1) {
            event.preventDefault()
            return choose(offered[shown])
          }
          const next = /^Arrow(Up|Down)$/.test(event.key) ? nextIndex(event.key, shown, offered.length) : undefined
          if (next === undefined) return
          event.preventDefault()
          move(next)
        }}
      />
      {offered.length > 0 && (
        <OptionList
          id={listId}
          label="What may stand here"
          at={shown}
          options={offered.map((completion) => ({
            key: completion.label,
            content: (
              <>
                <code>{completion.label}</code>
                <span className="clip muted end">{completion.about}</span>
              </>
            ),
          }))}
          onChoose={(index) => choose(offered[index])}
        />
      )}
      {problem !== null && (
        <div className="condition-caret" aria-hidden="true">
          <div ref={under}>
            <span>{text.slice(0, problem.position)}</span>^
          </div>
        </div>
      )}
      <p className="wrong" id={`${id}-problem`} role="status">
        {problem?.message ?? refused}
      </p>
    </div>
  )
}
