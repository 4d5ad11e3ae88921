import { useMutation } from "@tanstack/react-query"
import { useEffect, useRef } from "react"
import { type Answer, call } from "../../api/call.ts"
import { Button } from "../../ui/Button.tsx"
import { FailureNotice, Loading, Skeleton } from "../../ui/Feedback.tsx"
import { duration } from "../../ui/format.ts"
import { Icon } from "../../ui/Icon.tsx"
import { StatusBadge } from "../../ui/StatusIcon.tsx"
import { EvidenceView } from "./EvidenceView.tsx"
import { PhaseBar } from "./PhaseBar.tsx"

type RegionRun = Answer<"testRuns", "run">["items"][number]

/** A check that is run at once from every region, and what it found: nothing of it is stored. */
export const TestNow = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const title = useRef<HTMLHeadingElement>(null)
  const test = useMutation({ mutationFn: () => call("testRuns", "run", { payload: { monitorId: id } }) })
  const { mutate } = test
  useEffect(() => {
    title.current?.focus()
    mutate()
  }, [mutate])
  return (
    <section className="card stack" aria-labelledby="test-title">
      <div className="spread">
        <h2 id="test-title" ref={title} tabIndex={-1}>
          Test
        </h2>
        <div className="row">
          <Button className="small" busy={test.isPending} onClick={() => mutate()}>
            Test again
          </Button>
          <Button tone="quiet" className="small" onClick={onClose}>
            <Icon name="close" />
            Close
          </Button>
        </div>
      </div>
      <p className="muted small" role="status">
        {test.isPending
          ? "Checking from every region …"
          : test.isSuccess
            ? "This is how it is now. Nothing of it is stored."
            : ""}
      </p>
      <FailureNotice error={test.error} />
      {test.isPending && (
        <Loading>
          <Skeleton height={160} />
        </Loading>
      )}
      <ul className="test-regions">
        {test.data?.items.map((run) => (
          <li key={run.location} className="stack">
            <RegionFound run={run} />
          </li>
        ))}
      </ul>
    </section>
  )
}

const RegionFound = ({ run: { location, problem, result } }: { readonly run: RegionRun }) => {
  if (result === null) {
    return (
      <>
        <h3>{location}</h3>
        <p className="notice status-Unknown">
          <Icon name="alert" />
          {problem}
        </p>
      </>
    )
  }
  return (
    <>
      <div className="spread">
        <h3>{location}</h3>
        <span className="row">
          {result.httpStatus !== null && <span className="muted">HTTP {result.httpStatus}</span>}
          <strong>{duration(result.responseTimeMs)}</strong>
          <StatusBadge status={result.status} />
        </span>
      </div>
      {result.error !== null && (
        <p className={`notice status-${result.status}`}>
          <Icon name="alert" />
          <span>{result.error.message}</span>
        </p>
      )}
      <PhaseBar phases={result.phases} />
      {result.conditions.length > 0 && (
        <dl className="fact-pairs">
          {result.conditions.map(({ condition, holds, seen }) => (
            <div key={condition}>
              <dt>
                {holds === null ? "Not looked at" : holds ? "Holds" : "Fails"}: <code>{condition}</code>
              </dt>
              <dd>{seen}</dd>
            </div>
          ))}
        </dl>
      )}
      {result.evidence !== null && (
        <details>
          <summary>What was seen</summary>
          <EvidenceView evidence={result.evidence} />
        </details>
      )}
    </>
  )
}
