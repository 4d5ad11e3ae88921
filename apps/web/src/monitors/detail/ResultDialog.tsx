import { Button } from "../../ui/Button.tsx"
import { Dialog } from "../../ui/Dialog.tsx"
import { absoluteTime, duration } from "../../ui/format.ts"
import { StatusBadge } from "../../ui/StatusIcon.tsx"
import { EvidenceView } from "./EvidenceView.tsx"
import { PhaseBar } from "./PhaseBar.tsx"
import type { ResultDetail } from "./queries.ts"

/** The words for why a check did not end well. */
const errorWords: Readonly<Record<NonNullable<ResultDetail["error"]>["kind"], string>> = {
  dns: "Name not resolved",
  connect: "No connection",
  tls: "TLS or certificate",
  timeout: "Deadline passed",
  status: "Unexpected status",
  redirect: "Redirect",
  body: "Broken answer",
  protocol: "Unexpected answer",
  condition: "Condition failed",
  heartbeat: "Heartbeat",
  blocked: "Refused by policy",
  internal: "Fault of ours",
}

/** One check with all that was seen. */
export const ResultDialog = ({ result, onClose }: { readonly result: ResultDetail; readonly onClose: () => void }) => (
  <Dialog title={`Check from ${result.location}`} onClose={onClose} className="result-dialog">
    <div className="stack">
      <dl className="fact-pairs">
        <dt>Status</dt>
        <dd>
          <StatusBadge status={result.status} />
        </dd>
        {result.error !== null && (
          <>
            <dt>{errorWords[result.error.kind]}</dt>
            <dd>{result.error.message}</dd>
          </>
        )}
        {result.httpStatus !== null && (
          <>
            <dt>HTTP status</dt>
            <dd>{result.httpStatus}</dd>
          </>
        )}
        <dt>Response</dt>
        <dd>{result.responseTimeMs === null ? "No answer" : duration(result.responseTimeMs)}</dd>
        <dt>Checked</dt>
        <dd>{absoluteTime(Date.parse(result.checkedAt))}</dd>
        <dt>Planned for</dt>
        <dd>{absoluteTime(Date.parse(result.scheduledAt))}</dd>
        <dt>Tries</dt>
        <dd>{result.attempts}</dd>
        {result.maintenance && (
          <>
            <dt>Maintenance</dt>
            <dd>It counts neither way.</dd>
          </>
        )}
        {result.certificateExpiresAt !== null && (
          <>
            <dt>Certificate until</dt>
            <dd>{absoluteTime(Date.parse(result.certificateExpiresAt))}</dd>
          </>
        )}
      </dl>
      <section>
        <h3>Phases</h3>
        <PhaseBar phases={result.phases} />
      </section>
      {result.evidence === null ? (
        result.status === "Up" && <p className="muted small">What was seen is kept for checks that did not end well.</p>
      ) : (
        <EvidenceView evidence={result.evidence} />
      )}
    </div>
    <footer>
      <Button onClick={onClose}>Close</Button>
    </footer>
  </Dialog>
)
