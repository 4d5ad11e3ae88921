import { absoluteTime, duration } from "../../../ui/format.ts"
import { dashes, lineColours } from "./chartColours.ts"
import { type ChartData, type Line, meanOf, valueAt } from "./chartData.ts"

/** What each line is, and how long it was: where the pointer is, or over all that is shown. Pressed, a line is not drawn. */
export const ChartLegend = ({
  data,
  point,
  texts,
  isCumulative,
  hidden,
  onToggle,
}: {
  readonly data: ChartData
  readonly point: number | null
  /** The words for the names of lines, where they are not the names themselves. */
  readonly texts: Readonly<Record<string, string>> | undefined
  /** Whether each line holds the one before it; then each is shown for itself, and none can be left out. */
  readonly isCumulative: boolean
  readonly hidden: ReadonlySet<string>
  readonly onToggle: (name: string) => void
}) => {
  const at = point === null ? undefined : data.at[point]
  const shownOf = (index: number): number | null => {
    const line = data.lines[index]
    const before = isCumulative ? data.lines[index - 1] : undefined
    const read = (each: Line): number | null => (point === null ? meanOf(each) : valueAt(each, point))
    if (line === undefined) return null
    const value = read(line)
    return value === null || before === undefined ? value : value - (read(before) ?? 0)
  }
  return (
    <div className="chart-legend">
      <p className="muted">{at === undefined ? "Mean over the range" : absoluteTime(at)}</p>
      <ul>
        {data.lines.map(({ name }, index) => {
          const inside = (
            <>
              <LineSample index={index} isArea={isCumulative} />
              <span>{texts?.[name] ?? name}</span>
              <strong>{duration(shownOf(index))}</strong>
            </>
          )
          return (
            <li key={name}>
              {isCumulative ? (
                <span className="legend-item">{inside}</span>
              ) : (
                <button
                  type="button"
                  className="legend-item"
                  aria-pressed={!hidden.has(name)}
                  onClick={() => onToggle(name)}
                >
                  {inside}
                </button>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

const LineSample = ({ index, isArea }: { readonly index: number; readonly isArea: boolean }) => (
  <svg width="20" height="12" viewBox="0 0 20 12" aria-hidden="true" className={`line-${(index % lineColours) + 1}`}>
    {isArea ? (
      <rect width="20" height="12" rx="2" fill="currentColor" />
    ) : (
      <path
        d="M0 6h20"
        stroke="currentColor"
        strokeWidth="2.5"
        strokeDasharray={dashes[index % dashes.length]?.join(" ")}
      />
    )}
  </svg>
)
