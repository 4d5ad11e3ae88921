import { useInfiniteQuery } from "@tanstack/react-query"
import { useState } from "react"
import { resultsQuery } from "../../api/queries.ts"
import { Button } from "../../ui/Button.tsx"
import { Empty, ErrorState, Loading, Skeleton } from "../../ui/Feedback.tsx"
import { absoluteTime, duration } from "../../ui/format.ts"
import { RelativeTime } from "../../ui/RelativeTime.tsx"
import { StatusBadge } from "../../ui/StatusIcon.tsx"
import { Tabs, tabPanel } from "../../ui/Tabs.tsx"
import type { ResultDetail } from "./queries.ts"
import { ResultDialog } from "./ResultDialog.tsx"

const tabs = [
  { value: "all", label: "All checks" },
  { value: "Down", label: "Down" },
  { value: "Degraded", label: "Degraded" },
  { value: "Unknown", label: "Unknown" },
] as const

/** The checks of a monitor, newest first, each with what was seen. */
export const ResultList = ({ id }: { readonly id: string }) => {
  const [tab, setTab] = useState<(typeof tabs)[number]["value"]>("all")
  const [opened, setOpened] = useState<ResultDetail | null>(null)
  const results = useInfiniteQuery(resultsQuery(id, tab === "all" ? { limit: 25 } : { limit: 25, status: tab }))
  const items = results.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section className="card stack" aria-labelledby="results-title">
      <h2 id="results-title">Results</h2>
      <Tabs label="Which results" id="results" tabs={tabs} selected={tab} onSelect={setTab} />
      <div {...tabPanel("results", tab)} className="stack">
        {results.isPending && (
          <Loading>
            <Skeleton height={200} />
          </Loading>
        )}
        {results.isError && items.length === 0 && (
          <ErrorState heading="h3" error={results.error} onRetry={() => void results.refetch()} />
        )}
        {results.isSuccess && items.length === 0 && (
          <Empty icon="clock" heading="h3" title={tab === "all" ? "No results yet" : "Nothing here"}>
            {tab === "all" ? "The first check is on its way." : "None of the checks that are kept ended so."}
          </Empty>
        )}
        {items.length > 0 && (
          <div className="table-scroll result-table">
            <table>
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">Region</th>
                  <th scope="col">Status</th>
                  <th scope="col" className="number">
                    Response
                  </th>
                  <th scope="col">What was seen</th>
                  <th scope="col">
                    <span className="visually-hidden">Details</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((result) => (
                  <ResultRow key={result.id} result={result} onOpen={() => setOpened(result)} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {results.hasNextPage && (
          <Button busy={results.isFetchingNextPage} onClick={() => void results.fetchNextPage()}>
            Show older
          </Button>
        )}
      </div>
      {opened !== null && <ResultDialog result={opened} onClose={() => setOpened(null)} />}
    </section>
  )
}

const ResultRow = ({ result, onOpen }: { readonly result: ResultDetail; readonly onOpen: () => void }) => (
  <tr>
    <td>
      <RelativeTime at={result.checkedAt} />
    </td>
    <td>{result.location}</td>
    <td>
      <StatusBadge status={result.status} />
    </td>
    <td className="number">{duration(result.responseTimeMs)}</td>
    <td className="seen">{result.error?.message ?? (result.httpStatus === null ? "" : `HTTP ${result.httpStatus}`)}</td>
    <td className="number">
      <Button tone="quiet" className="small" onClick={onOpen}>
        Details
        <span className="visually-hidden">
          {" "}
          of {absoluteTime(Date.parse(result.checkedAt))} from {result.location}
        </span>
      </Button>
    </td>
  </tr>
)
