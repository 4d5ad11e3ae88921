import type { UseQueryResult } from "@tanstack/react-query"
import { useState } from "react"
import { failureText } from "../api/ApiFailure.ts"
import type { MonitorSummary } from "../api/types.ts"
import { Button } from "../ui/Button.tsx"
import { Icon } from "../ui/Icon.tsx"
import { LabelRow } from "./LabelRow.tsx"
import type { Label, LabelKind, LabelOrder, ReportRow } from "./labels.ts"
import { RelabelDialog, type RelabelRun, type RenameRun } from "./RelabelDialog.tsx"

const columns = [
  { column: "name", words: "Name" },
  { column: "monitors", words: "Monitors" },
  { column: "uptime", words: "Uptime" },
  { column: "outages", words: "Outages" },
] as const satisfies ReadonlyArray<{ readonly column: LabelOrder; readonly words: string }>

/** The table of tags or groups. */
export const LabelTable = ({
  by,
  labels,
  monitors,
  report,
  order,
  onOrder,
  onRelabel,
  onRename,
  isBusy,
}: {
  readonly by: LabelKind
  readonly labels: ReadonlyArray<Label>
  readonly monitors: ReadonlyArray<MonitorSummary>
  readonly report: UseQueryResult<ReadonlyArray<ReportRow>>
  readonly order: LabelOrder
  readonly onOrder: (order: LabelOrder) => void
  readonly onRelabel: RelabelRun
  readonly onRename: RenameRun
  readonly isBusy: boolean
}) => {
  const [changing, setChanging] = useState<{ readonly name: string; readonly what: "rename" | "remove" } | null>(null)
  return (
    <>
      {report.isError && (
        <p className="notice status-Down" role="alert">
          <Icon name="alert" />
          Uptime and outages could not be loaded. {failureText(report.error)}
          <Button className="small" onClick={() => void report.refetch()}>
            Try again
          </Button>
        </p>
      )}
      <div className="card label-card">
        <table className="label-table">
          <thead>
            <tr>
              {columns.map(({ column, words }) => (
                <th
                  key={column}
                  scope="col"
                  className={column === "name" ? "" : "number"}
                  aria-sort={
                    order === column ? (column === "name" || column === "uptime" ? "ascending" : "descending") : "none"
                  }
                >
                  <button type="button" className="sort-button" onClick={() => onOrder(column)}>
                    {words}
                    {order === column && <Icon name="arrowDown" size={12} />}
                  </button>
                </th>
              ))}
              <th scope="col" className="number">
                <abbr title="Mean time to detect: from the first failed check to the moment the outage was confirmed">
                  MTTD
                </abbr>
              </th>
              <th scope="col" className="number">
                <abbr title="Mean time to recover: from the first failed check to the first good one after it">
                  MTTR
                </abbr>
              </th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {labels.map((label) => (
              <LabelRow
                key={label.name}
                by={by}
                label={label}
                isLoading={report.isPending}
                isBusy={isBusy}
                onChange={(what) => setChanging({ name: label.name, what })}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p className="muted small">
        MTTD is the mean time to detect: from the first failed check of an outage to the moment it was confirmed. MTTR
        is the mean time to recover: to the first good check after it, over outages that ended with one.
      </p>
      {changing !== null && (
        <RelabelDialog
          by={by}
          {...changing}
          names={labels.map(({ name }) => name)}
          monitors={monitors}
          onClose={() => setChanging(null)}
          onRun={onRelabel}
          onRename={onRename}
        />
      )}
    </>
  )
}
