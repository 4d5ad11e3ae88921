import { useNow } from "../../../ui/clock.ts"
import { absoluteTime, counted, span } from "../../../ui/format.ts"
import { IncidentLink } from "../IncidentLink.tsx"
import { type Mark, markWords } from "./marks.ts"

/** What is marked on a chart, in words. */
export const MarkList = ({ marks }: { readonly marks: ReadonlyArray<Mark> }) => {
  const now = useNow()
  if (marks.length === 0) return <p className="muted small">No outage, incident or maintenance in this range.</p>
  return (
    <details className="mark-list">
      <summary>{marksText(marks)} marked</summary>
      <ol>
        {marks.toReversed().map((mark) => (
          <li key={mark.id}>
            <MarkSign kind={mark.kind} />
            <span>
              {mark.incidentId === null ? (
                <strong>{mark.title ?? markWords[mark.kind]}</strong>
              ) : (
                <IncidentLink id={mark.incidentId}>{mark.title ?? markWords[mark.kind]}</IncidentLink>
              )}
              {mark.title !== null && <span className="muted"> {markWords[mark.kind].toLowerCase()}</span>}
            </span>
            <span className="muted">
              {absoluteTime(mark.from)},{" "}
              {mark.to === null ? `for ${span(now - mark.from)} so far` : `for ${span(mark.to - mark.from)}`}
            </span>
          </li>
        ))}
      </ol>
    </details>
  )
}

const marksText = (marks: ReadonlyArray<Mark>): string =>
  (["outage", "incident", "maintenance"] as const)
    .flatMap((kind) => {
      const count = marks.filter((mark) => mark.kind === kind).length
      return count === 0 ? [] : [counted(count, markWords[kind].toLowerCase())]
    })
    .join(", ")

const MarkSign = ({ kind }: { readonly kind: Mark["kind"] }) => (
  <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" className={`mark-${kind}`}>
    {kind === "incident" && <path d="M3 3h10l-5 9z" fill="currentColor" />}
    {kind === "outage" && (
      <>
        <rect x="2" y="2" width="12" height="12" fill="currentColor" opacity="0.25" />
        <rect x="2" y="2" width="12" height="3" fill="currentColor" />
      </>
    )}
    {kind === "maintenance" && (
      <path d="M2 8l6-6M2 14L14 2M8 14l6-6" stroke="currentColor" strokeWidth="1.5" fill="none" />
    )}
  </svg>
)
