import { useMutation } from "@tanstack/react-query"
import { call } from "../api/call.ts"
import { Button } from "../ui/Button.tsx"
import { CopyButton } from "../ui/CopyButton.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"
import { RelativeTime } from "../ui/RelativeTime.tsx"
import { keepStatusPage, type StatusPage } from "./queries.ts"

type CustomDomain = NonNullable<StatusPage["customDomain"]>

/** The record that shows whose a host name is, whether it was seen, and a look-up of it now. */
export const DomainProof = ({ pageId, domain }: { readonly pageId: string; readonly domain: CustomDomain }) => {
  const { checkedAt, provenAt, record, state } = domain
  const check = useMutation({
    mutationFn: () => call("statusPages", "checkDomain", { path: { id: pageId } }),
    onSuccess: keepStatusPage,
  })
  return (
    <div className="domain-proof">
      <p>In the DNS of the domain, add this record, and leave it there:</p>
      <dl className="dns-record dns-fields">
        <div>
          <dt>Type</dt>
          <dd>
            <code>{record.type}</code>
          </dd>
        </div>
        <div>
          <dt>Name</dt>
          <dd>
            <code>{record.name}</code>
            <CopyButton text={record.name} label="the record’s name" />
          </dd>
        </div>
        <div>
          <dt>Value</dt>
          <dd>
            <code>{record.value}</code>
            <CopyButton text={record.value} label="the record’s value" />
          </dd>
        </div>
      </dl>
      <FailureNotice error={check.error} />
      <div className="spread">
        <p role="status" className={`row status-${state === "proven" ? "Up" : "Unknown"}`}>
          <span className="domain-state">
            <Icon name={state === "proven" ? "check" : state === "pending" ? "clock" : "alert"} />
            {stateWords[state]}
          </span>
          <span className="muted small">
            {provenAt !== null ? (
              <>
                seen <RelativeTime at={provenAt} />
              </>
            ) : checkedAt !== null ? (
              <>
                looked up <RelativeTime at={checkedAt} />
              </>
            ) : null}
          </span>
        </p>
        <Button className="small" busy={check.isPending} onClick={() => check.mutate()}>
          Look it up now
        </Button>
      </div>
    </div>
  )
}

const stateWords = {
  pending: "Not seen yet; looked up again and again for a week",
  expired: "Not seen within a week, and not looked up any more",
  proven: "The name is yours",
} as const
