import type { ReactNode } from "react"
import { duration } from "../../ui/format.ts"
import { StatusBadge } from "../../ui/StatusIcon.tsx"
import type { ResultDetail } from "../detail/queries.ts"
import { EvidenceView } from "./EvidenceView.tsx"
import { errorWords } from "./errorWords.ts"
import { PhaseBar } from "./PhaseBar.tsx"
import "./seen.css"

/**
 * One check with all that is known of it: how it ended and why, where its time went, and what was seen.
 *
 * @param children more of its facts, as terms and descriptions
 */
export const CheckSeen = ({
  check: { error, evidence, httpStatus, phases, responseTimeMs, status },
  children,
}: {
  readonly check: Pick<ResultDetail, "error" | "evidence" | "httpStatus" | "phases" | "responseTimeMs" | "status">
  readonly children: ReactNode
}) => (
  <div className="check-seen stack">
    <dl className="fact-pairs">
      <dt>Status</dt>
      <dd>
        <StatusBadge status={status} />
      </dd>
      {error !== null && (
        <>
          <dt>{errorWords[error.kind]}</dt>
          <dd>{error.message}</dd>
        </>
      )}
      {httpStatus !== null && (
        <>
          <dt>HTTP status</dt>
          <dd>{httpStatus}</dd>
        </>
      )}
      <dt>Response</dt>
      <dd>{responseTimeMs === null ? "No answer" : duration(responseTimeMs)}</dd>
      {children}
    </dl>
    <section>
      <h3>Phases</h3>
      <PhaseBar phases={phases} />
    </section>
    {evidence === null ? (
      status === "Up" && <p className="muted small">What was seen is kept for checks that did not end well.</p>
    ) : (
      <EvidenceView evidence={evidence} />
    )}
  </div>
)
