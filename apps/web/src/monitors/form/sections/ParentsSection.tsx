import { useQuery } from "@tanstack/react-query"
import { useId, useState } from "react"
import { summariesQuery } from "../../../api/queries.ts"
import { Disclosure } from "../../../ui/Disclosure.tsx"
import { Field } from "../../../ui/Field.tsx"
import { nextIndex } from "../../../ui/focus.ts"
import { counted, shortUrl } from "../../../ui/format.ts"
import { Icon } from "../../../ui/Icon.tsx"
import { OptionList, optionId } from "../../../ui/OptionList.tsx"
import { matches } from "../../list/filterMonitors.ts"
import { useForm, useIssueWithin } from "../FormContext.tsx"

/** The most monitors that are offered at once, and that one may lie behind. */
const mostOffered = 8
const mostParents = 10

/** The monitors that this one lies behind. */
export const ParentsSection = () => {
  const { change, form, monitorId } = useForm()
  const { parents } = form
  const wrong = useIssueWithin("parents")
  const summaries = useQuery(summariesQuery)
  const [text, setText] = useState("")
  const [at, setAt] = useState(0)
  const listId = useId()
  const needle = text.trim().toLowerCase()
  const offered =
    needle === ""
      ? []
      : (summaries.data ?? [])
          .filter(({ id }) => id !== monitorId && !parents.includes(id))
          .filter((monitor) => matches(monitor, needle))
          .slice(0, mostOffered)
  const names = new Map((summaries.data ?? []).map(({ id, name }) => [id, name]))
  const add = (id: string | undefined) => {
    if (id === undefined) return
    change({ parents: [...parents, id] })
    setText("")
    setAt(0)
  }
  return (
    <Disclosure title="Parents" summary={parents.length === 0 ? "None" : counted(parents.length, "monitor")}>
      <Field
        label="Lies behind"
        wrong={wrong}
        hint="While one of these is down, this monitor is unreachable, and nothing is told of it: a router, a data centre."
      >
        {(field) => (
          <div className="tokens">
            {parents.length > 0 && (
              <ul aria-label="Parents">
                {parents.map((id) => (
                  <li key={id}>
                    <span>{names.get(id) ?? "…"}</span>
                    <button
                      type="button"
                      aria-label={`Remove ${names.get(id) ?? "parent"}`}
                      onClick={() => {
                        change({ parents: parents.filter((each) => each !== id) })
                        document.getElementById(field.id)?.focus()
                      }}
                    >
                      <Icon name="close" size={12} />
                    </button>
                  </li>
                ))}
              </ul>
            )}
            <div className="option-anchor">
              <input
                {...field}
                name="parents"
                className="input"
                role="combobox"
                aria-expanded={offered.length > 0}
                aria-controls={offered.length === 0 ? undefined : listId}
                aria-autocomplete="list"
                aria-activedescendant={offered.length === 0 ? undefined : optionId(listId, at)}
                autoComplete="off"
                placeholder="Find a monitor"
                disabled={parents.length >= mostParents}
                value={text}
                onChange={({ target }) => {
                  setText(target.value)
                  setAt(0)
                }}
                onBlur={() => setText("")}
                onKeyDown={(event) => {
                  if (event.key === "Enter" && text !== "" && !event.ctrlKey && !event.metaKey) {
                    event.preventDefault()
                    add(offered[at]?.id)
                  }
                  if (event.key === "Escape") setText("")
                  const next = /^Arrow(Up|Down)$/.test(event.key) ? nextIndex(event.key, at, offered.length) : undefined
                  if (next === undefined) return
                  event.preventDefault()
                  setAt(next)
                }}
              />
              {offered.length > 0 && (
                <OptionList
                  id={listId}
                  label="Monitors"
                  at={at}
                  options={offered.map(({ id, name, url }) => ({
                    key: id,
                    content: (
                      <>
                        <span className="clip">{name}</span>
                        <span className="clip muted end">{shortUrl(url)}</span>
                      </>
                    ),
                  }))}
                  onChoose={(index) => add(offered[index]?.id)}
                />
              )}
            </div>
          </div>
        )}
      </Field>
    </Disclosure>
  )
}
