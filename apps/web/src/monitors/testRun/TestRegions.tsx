import { Disclosure } from "../../ui/Disclosure.tsx"
import { duration } from "../../ui/format.ts"
import { Icon } from "../../ui/Icon.tsx"
import { StatusBadge } from "../../ui/StatusIcon.tsx"
import { EvidenceView } from "../seen/EvidenceView.tsx"
import { PhaseBar } from "../seen/PhaseBar.tsx"
import type { TestRun } from "./runTest.ts"
import "./testRun.css"

/** What a check that was run at once found, a region each. */
export const TestRegions = ({ run }: { readonly run: TestRun }) => (
  <ul className="test-regions">
    {run.map((region) => (
      <li key={region.location} className="stack">
        <RegionRun region={region} />
      </li>
    ))}
  </ul>
)

const RegionRun = ({ region: { location, problem, result } }: { readonly region: TestRun[number] }) => {
  if (result === null) {
    return (
      <>
        <h3>{location}</h3>
        <p className="notice status-Unknown">
          <Icon name="alert" />
          {problem ?? "There is no answer."}
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
      {result.conditions.length > 0 && <ConditionsFound conditions={result.conditions} />}
      {result.evidence !== null && (
        <Disclosure title="What was seen" heading="h4" summary={result.evidence.address}>
          <EvidenceView evidence={result.evidence} />
        </Disclosure>
      )}
    </>
  )
}

const ConditionsFound = ({
  conditions,
}: {
  readonly conditions: NonNullable<TestRun[number]["result"]>["conditions"]
}) => (
  <ul className="conditions-found" aria-label="Conditions">
    {conditions.map(({ condition, holds, seen, severity }, index) => (
      <li
        // biome-ignore lint/suspicious/noArrayIndexKey: they never move, and two may say the same
        key={index}
        className={holds === null ? "status-Unknown" : holds ? "status-Up" : `status-${severity}`}
      >
        <Icon name={holds === null ? "clock" : holds ? "check" : "close"} />
        <code>{condition}</code>
        <span className="muted">
          {holds === null ? "not looked at" : `${holds ? "holds" : "fails"}${seen === null ? "" : `: ${seen}`}`}
        </span>
      </li>
    ))}
  </ul>
)
