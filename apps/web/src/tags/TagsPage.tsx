import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useSearch } from "@tanstack/react-router"
import { useMemo } from "react"
import { summariesQuery } from "../api/queries.ts"
import { useTitle } from "../app/useTitle.ts"
import { buttonClass } from "../ui/Button.tsx"
import { Empty, ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { Tabs, tabPanel } from "../ui/Tabs.tsx"
import { LabelTable } from "./LabelTable.tsx"
import { type LabelSearch, reportWindows, windowWords } from "./labelSearch.ts"
import { type LabelKind, labelOrders, labelsOf, orderWords, sortLabels } from "./labels.ts"
import { ProgressNotice } from "./ProgressNotice.tsx"
import { reportQuery } from "./queries.ts"
import { useRelabel } from "./useRelabel.ts"
import "./tags.css"

/** The tags and groups: how many monitors each has, how they stand, and how they did. */
export const TagsPage = () => {
  useTitle("Tags")
  const search = useSearch({ from: "/inside/tags" })
  const navigate = useNavigate()
  const { by = "tag", order = "name", window: shown = "30d" } = search
  const setSearch = (change: LabelSearch) =>
    void navigate({ to: "/tags", search: { ...search, ...change }, replace: true })
  const summaries = useQuery(summariesQuery)
  const report = useQuery(reportQuery(by, shown))
  const relabel = useRelabel()
  const labels = useMemo(
    () => sortLabels(labelsOf(by, summaries.data ?? [], report.data ?? []), order),
    [by, summaries.data, report.data, order],
  )
  if (summaries.isPending) return <TagsSkeleton />
  if (summaries.data === undefined) {
    return <ErrorState error={summaries.error} onRetry={() => void summaries.refetch()} />
  }
  return (
    <div className="stack">
      <div className="spread">
        <h1>Tags and groups</h1>
        <div className="label-fields">
          <Choice
            label="Over"
            value={shown}
            options={reportWindows.map((each) => [each, windowWords[each]])}
            onChange={(window) => setSearch({ window: window === "30d" ? undefined : window })}
          />
          <Choice
            label="Sort"
            className="order-field"
            value={order}
            options={labelOrders.map((each) => [each, orderWords[each]])}
            onChange={(next) => setSearch({ order: next === "name" ? undefined : next })}
          />
        </div>
      </div>
      <Tabs
        label="Tags or groups"
        id="labels"
        tabs={[
          { value: "tag", label: "Tags" },
          { value: "group", label: "Groups" },
        ]}
        selected={by}
        onSelect={(next: LabelKind) => setSearch({ by: next === "tag" ? undefined : next })}
      />
      <div {...tabPanel("labels", by)} className="stack">
        <ProgressNotice progress={relabel.progress} />
        {labels.length === 0 ? (
          <NoLabels by={by} />
        ) : (
          <LabelTable
            by={by}
            labels={labels}
            monitors={summaries.data}
            report={report}
            order={order}
            onOrder={(next) => setSearch({ order: next === "name" ? undefined : next })}
            onRelabel={relabel.run}
            onRename={relabel.rename}
            isBusy={relabel.progress !== null}
          />
        )}
      </div>
    </div>
  )
}

const Choice = <T extends string>({
  label,
  className = "",
  value,
  options,
  onChange,
}: {
  readonly label: string
  readonly className?: string
  readonly value: T
  readonly options: ReadonlyArray<readonly [value: T, words: string]>
  readonly onChange: (value: T) => void
}) => (
  <label className={`row ${className}`}>
    <span className="muted">{label}</span>
    <select
      className="input"
      value={value}
      onChange={(event) => onChange(options.find(([each]) => each === event.target.value)?.[0] ?? value)}
    >
      {options.map(([each, words]) => (
        <option key={each} value={each}>
          {words}
        </option>
      ))}
    </select>
  </label>
)

const NoLabels = ({ by }: { readonly by: LabelKind }) => (
  <div className="card">
    <Empty
      icon={by === "tag" ? "tag" : "folder"}
      title={by === "tag" ? "No tag yet" : "No group yet"}
      action={
        <Link to="/" className={buttonClass()}>
          To the monitors
        </Link>
      }
    >
      {by === "tag"
        ? "Tags gather monitors across groups, such as “production” or “shop”. Select monitors in the list and choose Tag."
        : "A monitor is in one group at most, such as a team or a site. Select monitors in the list and choose Group."}
    </Empty>
  </div>
)

const TagsSkeleton = () => (
  <Loading>
    <div className="stack">
      <Skeleton width={220} height={36} />
      <Skeleton width={160} height={36} />
      <Skeleton height={280} />
    </div>
  </Loading>
)
