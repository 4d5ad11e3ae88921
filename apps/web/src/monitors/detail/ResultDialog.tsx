import { Button } from "../../ui/Button.tsx"
import { Dialog } from "../../ui/Dialog.tsx"
import { absoluteTime } from "../../ui/format.ts"
import { CheckSeen } from "../seen/CheckSeen.tsx"
import type { ResultDetail } from "./queries.ts"

/** One check with all that was seen. */
export const ResultDialog = ({ result, onClose }: { readonly result: ResultDetail; readonly onClose: () => void }) => (
  <Dialog title={`Check from ${result.location}`} onClose={onClose} className="result-dialog">
    <CheckSeen check={result}>
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
    </CheckSeen>
    <footer>
      <Button onClick={onClose}>Close</Button>
    </footer>
  </Dialog>
)
