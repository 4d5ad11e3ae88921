import type { MonitorSummary } from "../api/types.ts"
import { Button } from "../ui/Button.tsx"
import { Icon } from "../ui/Icon.tsx"
import { PageMonitorRow } from "./PageMonitorRow.tsx"
import { type PageSection, withHeading, withoutMonitor, withPublicName, withSectionMoved } from "./sections.ts"
import type { Reorder } from "./useReorder.ts"

/** One section of a page: its heading, its monitors, and its place among the others. */
export const SectionEditor = ({
  section,
  index,
  sections,
  monitors,
  reorder,
  onChange,
  onPick,
}: {
  readonly section: PageSection
  readonly index: number
  readonly sections: ReadonlyArray<PageSection>
  readonly monitors: ReadonlyMap<string, MonitorSummary>
  readonly reorder: Reorder
  readonly onChange: (sections: ReadonlyArray<PageSection>) => void
  readonly onPick: () => void
}) => {
  const called = section.name.trim() === "" ? `section ${index + 1}` : section.name.trim()
  const move = (step: -1 | 1) => {
    onChange(withSectionMoved(sections, index, step))
    reorder.say(`${called} is number ${index + step + 1} of ${sections.length}`)
  }
  return (
    <div className="card page-section">
      <div className="page-section-head">
        <input
          className="input"
          aria-label={`Heading of section ${index + 1}`}
          placeholder="No heading"
          maxLength={100}
          autoComplete="off"
          value={section.name}
          onChange={(event) => onChange(withHeading(sections, index, event.target.value))}
        />
        {sections.length > 1 && (
          <>
            <Button tone="quiet" className="icon" disabled={index === 0} onClick={() => move(-1)}>
              <Icon name="arrowUp" />
              <span className="visually-hidden">Move {called} up</span>
            </Button>
            <Button tone="quiet" className="icon" disabled={index === sections.length - 1} onClick={() => move(1)}>
              <Icon name="arrowDown" />
              <span className="visually-hidden">Move {called} down</span>
            </Button>
          </>
        )}
        <Button
          tone="quiet"
          className="icon"
          onClick={() => {
            onChange(sections.filter((each) => each !== section))
            reorder.say(`Removed ${called}`)
          }}
        >
          <Icon name="trash" />
          <span className="visually-hidden">Remove {called} with its monitors</span>
        </Button>
      </div>
      {section.monitors.length === 0 ? (
        <p className="page-section-empty muted" data-place={`${index}:0`} data-empty="">
          No monitor yet. Add some, or drag them here.
        </p>
      ) : (
        <ul aria-label={`Monitors of ${called}`}>
          {section.monitors.map((monitor, at) => (
            <PageMonitorRow
              key={monitor.monitorId}
              monitor={monitor}
              summary={monitors.get(monitor.monitorId)}
              place={`${index}:${at}`}
              reorder={reorder}
              onName={(name) => onChange(withPublicName(sections, monitor.monitorId, name))}
              onRemove={() => {
                onChange(withoutMonitor(sections, monitor.monitorId))
                reorder.say(`Removed ${monitors.get(monitor.monitorId)?.name ?? "the monitor"} from the page`)
              }}
            />
          ))}
        </ul>
      )}
      <Button className="small page-add" onClick={onPick}>
        <Icon name="plus" />
        Add monitors
        <span className="visually-hidden"> to {called}</span>
      </Button>
    </div>
  )
}
