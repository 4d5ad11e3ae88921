import { useState } from "react"
import { Button } from "../../../ui/Button.tsx"
import { absoluteTime, counted, duration } from "../../../ui/format.ts"
import { phaseTexts } from "../../phases.ts"
import type { ChartData } from "./chartData.ts"

/** How many rows are shown at once. */
const page = 50

/** What a chart shows as a table, newest first; times in which nothing was measured are left out. */
export const SeriesTable = ({
  data,
  bucketSeconds,
  caption,
  isCumulative,
}: {
  readonly data: ChartData
  readonly bucketSeconds: number
  readonly caption: string
  /** Whether each line holds the one before it; the last one is then the whole. */
  readonly isCumulative: boolean
}) => {
  const [shown, setShown] = useState(page)
  const rows = data.at
    .flatMap((at, index) => {
      const values = data.lines.map(({ values: of }) => of[index] ?? null)
      return values.every((value) => value === null) ? [] : [{ at, values }]
    })
    .reverse()
  const texts: Readonly<Record<string, string>> = isCumulative ? phaseTexts : {}
  return (
    <div className="stack">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="table-scroll chart-table" tabIndex={0} aria-label={caption}>
        <table>
          <caption>
            {caption}, {counted(bucketSeconds / 60, "minute")} a row
          </caption>
          <thead>
            <tr>
              <th scope="col">From</th>
              {data.lines.map(({ name }) => (
                <th key={name} scope="col" className="number">
                  {texts[name] ?? name}
                </th>
              ))}
              {isCumulative && (
                <th scope="col" className="number">
                  Total
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map(({ at, values }) => (
              <tr key={at}>
                <th scope="row">{absoluteTime(at)}</th>
                {values.map((value, index) => (
                  <td key={data.lines[index]?.name} className="number">
                    {duration(value === null || !isCumulative ? value : value - (values[index - 1] ?? 0))}
                  </td>
                ))}
                {isCumulative && <td className="number">{duration(values.at(-1) ?? null)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length === 0 && <p className="muted">Nothing was measured in this range.</p>}
      {rows.length > shown && (
        <Button onClick={() => setShown(shown + page)}>Show {Math.min(page, rows.length - shown)} more</Button>
      )}
    </div>
  )
}
