import { useQuery } from "@tanstack/react-query"
import { useDeferredValue, useId, useMemo, useState } from "react"
import { summariesQuery } from "../api/queries.ts"
import { matches, namesInUse } from "../monitors/list/filterMonitors.ts"
import { Button } from "../ui/Button.tsx"
import { Loading, Skeleton } from "../ui/Feedback.tsx"
import { counted, shortUrl } from "../ui/format.ts"
import { Icon } from "../ui/Icon.tsx"
import type { Draft } from "./draft.ts"
import { coveredBy } from "./scope.ts"

/** The most monitors that can be named. */
const mostMonitors = 500

/** How many monitors are offered at once. */
const offered = 50

/** What a maintenance is over: monitors by name, and all that have a tag or are in a group, also later ones. */
export const ScopeFields = ({
  draft,
  onChange,
  wrong,
}: {
  readonly draft: Draft
  readonly onChange: (part: Partial<Draft>) => void
  readonly wrong: string | undefined
}) => {
  const { data: monitors, isPending } = useQuery(summariesQuery)
  const [text, setText] = useState("")
  const needle = useDeferredValue(text.trim().toLowerCase())
  // Those that were chosen at first stand first; whatever is chosen then stays where it is.
  const [first] = useState(() => new Set(draft.monitorIds))
  const searchId = useId()
  const all = monitors ?? []
  const chosen = useMemo(() => new Set(draft.monitorIds), [draft.monitorIds])
  const found = useMemo(
    () =>
      (monitors ?? [])
        .filter((monitor) => needle === "" || matches(monitor, needle))
        .toSorted((one, other) => Number(first.has(other.id)) - Number(first.has(one.id))),
    [monitors, needle, first],
  )
  const tags = useMemo(
    () => namesInUse([...(monitors ?? []).flatMap((each) => each.tags), ...draft.tags]),
    [monitors, draft.tags],
  )
  const groups = useMemo(
    () => namesInUse([...(monitors ?? []).flatMap(({ group }) => (group === null ? [] : [group])), ...draft.groups]),
    [monitors, draft.groups],
  )
  const covered = useMemo(() => coveredBy(draft, monitors ?? []), [draft, monitors])
  return (
    <section className="card stack scope" aria-labelledby="scope-title">
      <div className="spread">
        <h2 id="scope-title">Over what</h2>
        <span className="small muted" role="status">
          {monitors === undefined ? "" : `${counted(covered, "monitor")} at the moment`}
        </span>
      </div>
      {wrong !== undefined && (
        <p className="scope-wrong needs" role="alert" tabIndex={-1}>
          <Icon name="alert" />
          {wrong}
        </p>
      )}
      {tags.length > 0 && (
        <Names label="All with a tag" names={tags} chosen={draft.tags} onChange={(next) => onChange({ tags: next })} />
      )}
      {groups.length > 0 && (
        <Names
          label="All in a group"
          names={groups}
          chosen={draft.groups}
          onChange={(next) => onChange({ groups: next })}
        />
      )}
      <div className="monitor-picker">
        <div className="spread">
          <label htmlFor={searchId}>Monitors by name</label>
          {draft.monitorIds.length > 0 ? (
            <Button tone="quiet" className="small" onClick={() => onChange({ monitorIds: [] })}>
              Choose none
            </Button>
          ) : (
            all.length > 0 &&
            all.length <= mostMonitors && (
              <Button tone="quiet" className="small" onClick={() => onChange({ monitorIds: all.map(({ id }) => id) })}>
                Choose all {all.length.toLocaleString("en")}
              </Button>
            )
          )}
        </div>
        <input
          id={searchId}
          className="input"
          type="search"
          placeholder="Search name, URL, tag"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.preventDefault()
          }}
        />
        {isPending ? (
          <Loading>
            <Skeleton height={120} />
          </Loading>
        ) : (
          <ul aria-label="Monitors">
            {found.slice(0, offered).map((monitor) => (
              <li key={monitor.id}>
                <label className="check-row">
                  <input
                    type="checkbox"
                    className="checkbox"
                    checked={chosen.has(monitor.id)}
                    disabled={!chosen.has(monitor.id) && chosen.size >= mostMonitors}
                    onChange={() =>
                      onChange({
                        monitorIds: chosen.has(monitor.id)
                          ? draft.monitorIds.filter((id) => id !== monitor.id)
                          : [...draft.monitorIds, monitor.id],
                      })
                    }
                  />
                  <span>
                    {monitor.name}
                    <span className="small muted">{shortUrl(monitor.url)}</span>
                  </span>
                </label>
              </li>
            ))}
          </ul>
        )}
        {found.length > offered && (
          <p className="small muted">{counted(found.length - offered, "more", "more")}: search to find them.</p>
        )}
        {!isPending && found.length === 0 && <p className="small muted">No monitor matches.</p>}
      </div>
    </section>
  )
}

const Names = ({
  label,
  names,
  chosen,
  onChange,
}: {
  readonly label: string
  readonly names: ReadonlyArray<{ readonly name: string }>
  readonly chosen: ReadonlyArray<string>
  readonly onChange: (chosen: ReadonlyArray<string>) => void
}) => (
  <fieldset className="name-choices">
    <legend>{label}</legend>
    {names.slice(0, offered).map(({ name }) => (
      <button
        key={name}
        type="button"
        aria-pressed={chosen.includes(name)}
        onClick={() => onChange(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name])}
      >
        {name}
      </button>
    ))}
  </fieldset>
)
