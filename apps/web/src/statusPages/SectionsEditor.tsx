import { useQuery } from "@tanstack/react-query"
import { useMemo, useState } from "react"
import { summariesQuery } from "../api/queries.ts"
import { Button } from "../ui/Button.tsx"
import { counted } from "../ui/format.ts"
import { Icon } from "../ui/Icon.tsx"
import { MonitorPicker } from "./MonitorPicker.tsx"
import { SectionEditor } from "./SectionEditor.tsx"
import { mostMonitors, mostSections, newSection, type PageSection, withMonitors } from "./sections.ts"
import { useReorder } from "./useReorder.ts"

/** The sections of a page with their monitors: picked, named for the public, and put in order by keys or by dragging. */
export const SectionsEditor = ({
  sections,
  onChange,
  wrong,
}: {
  readonly sections: ReadonlyArray<PageSection>
  readonly onChange: (sections: ReadonlyArray<PageSection>) => void
  readonly wrong: string | undefined
}) => {
  const summaries = useQuery(summariesQuery)
  const [pickingFor, setPickingFor] = useState<number | null>(null)
  const byId = useMemo(() => new Map((summaries.data ?? []).map((monitor) => [monitor.id, monitor])), [summaries.data])
  const reorder = useReorder(sections, onChange, (id) => byId.get(id)?.name ?? "The monitor")
  const count = sections.reduce((sum, { monitors }) => sum + monitors.length, 0)
  const onPage = useMemo(
    () => new Set(sections.flatMap(({ monitors }) => monitors.map(({ monitorId }) => monitorId))),
    [sections],
  )
  const addSection = (isPicking: boolean) => {
    onChange([...sections, newSection("", [])])
    if (isPicking) setPickingFor(sections.length)
  }
  return (
    <section className="stack" aria-labelledby="page-sections">
      <div className="spread">
        <h2 id="page-sections">Monitors</h2>
        <span className="muted small">
          {count} of {mostMonitors} at most
        </span>
      </div>
      {wrong !== undefined && (
        <p className="notice status-Down" role="alert">
          <Icon name="alert" />
          {wrong}
        </p>
      )}
      <p className="visually-hidden" role="status">
        {reorder.said}
      </p>
      {sections.map((section, index) => (
        <SectionEditor
          key={section.key}
          section={section}
          index={index}
          sections={sections}
          monitors={byId}
          reorder={reorder}
          onChange={onChange}
          onPick={() => setPickingFor(index)}
        />
      ))}
      {sections.length === 0 && (
        <div className="card page-none">
          <p className="muted">The page shows no monitor yet.</p>
          <Button tone="primary" onClick={() => addSection(true)}>
            <Icon name="plus" />
            Add monitors
          </Button>
        </div>
      )}
      {sections.length > 0 && sections.length < mostSections && (
        <Button tone="quiet" className="page-add" onClick={() => addSection(false)}>
          <Icon name="plus" />
          Add a section
        </Button>
      )}
      {pickingFor !== null && (
        <MonitorPicker
          monitors={(summaries.data ?? []).filter(({ id }) => !onPage.has(id))}
          room={mostMonitors - count}
          onClose={() => setPickingFor(null)}
          onPick={(ids) => {
            onChange(withMonitors(sections, pickingFor, ids))
            reorder.say(`Added ${counted(ids.length, "monitor")}`)
          }}
        />
      )}
    </section>
  )
}
