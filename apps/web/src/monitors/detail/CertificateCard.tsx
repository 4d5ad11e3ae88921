import { useInfiniteQuery, useMutation } from "@tanstack/react-query"
import { call } from "../../api/call.ts"
import { resultsQuery } from "../../api/queries.ts"
import type { MonitorOverview } from "../../api/types.ts"
import { Button } from "../../ui/Button.tsx"
import { useNow } from "../../ui/clock.ts"
import { FailureNotice } from "../../ui/Feedback.tsx"
import { absoluteTime, counted } from "../../ui/format.ts"
import { Icon } from "../../ui/Icon.tsx"
import "../seen/seen.css"
import type { Evidence } from "./queries.ts"

const day = 86_400_000

/** From how few days on a certificate is worth a look, and is urgent. */
const soon = 21
const urgent = 7

/** The certificate that the target showed last: how long it holds, and whose it is where that was seen. Nothing without one. */
export const CertificateCard = ({ monitor }: { readonly monitor: MonitorOverview }) => {
  const now = useNow()
  const failures = useInfiniteQuery({
    ...resultsQuery(monitor.id, { limit: 25, status: "Down" }),
    enabled: expiryOf(monitor) !== null,
  })
  const look = useMutation({ mutationFn: () => call("testRuns", "run", { payload: { monitorId: monitor.id } }) })
  const expiry = expiryOf(monitor)
  if (expiry === null) return null
  const looked = look.data?.items.flatMap(({ result }) => result?.evidence?.certificate ?? [])
  const failed = failures.data?.pages
    .flatMap((page) => page.items)
    .flatMap(({ evidence }) => evidence?.certificate ?? [])
    .find(({ validTo }) => validTo === expiry)
  const seen = looked?.[0] ?? failed
  const left = Math.floor((expiry - now) / day)
  return (
    <section className="card stack certificate" aria-labelledby="certificate-title">
      <h2 id="certificate-title">Certificate</h2>
      <p className={`certificate-left status-${left < urgent ? "Down" : left < soon ? "Degraded" : "Up"}`}>
        <Icon name={left < soon ? "alert" : "check"} size={20} />
        <strong>{left < 0 ? "Expired" : `${counted(left, "day")} left`}</strong>
      </p>
      <dl className="fact-pairs">
        <dt>Valid until</dt>
        <dd>{absoluteTime(expiry)}</dd>
        {seen !== undefined && <Names certificate={seen} />}
      </dl>
      <FailureNotice error={look.error} />
      {seen === undefined && (
        <Button className="small" busy={look.isPending} onClick={() => look.mutate()}>
          {look.isSuccess ? "No certificate was seen: look again" : "Look at it now"}
        </Button>
      )}
    </section>
  )
}

const Names = ({ certificate }: { readonly certificate: NonNullable<Evidence["certificate"]> }) => (
  <>
    <dt>Subject</dt>
    <dd>{certificate.subject}</dd>
    <dt>Issuer</dt>
    <dd>{certificate.issuer}</dd>
    {certificate.validFrom !== null && (
      <>
        <dt>Valid from</dt>
        <dd>{absoluteTime(certificate.validFrom)}</dd>
      </>
    )}
    <dt>SHA-256</dt>
    <dd>
      <code>{certificate.fingerprint}</code>
    </dd>
  </>
)

/** When the certificate that ends first does so, of those that the regions saw last; milliseconds, null without any. */
const expiryOf = ({ locations }: MonitorOverview): number | null => {
  const times = locations.flatMap(({ latest }) =>
    latest.certificateExpiresAt === null ? [] : [Date.parse(latest.certificateExpiresAt)],
  )
  return times.length === 0 ? null : Math.min(...times)
}
