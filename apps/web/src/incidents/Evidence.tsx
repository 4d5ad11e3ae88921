import type { ReactNode } from "react"
import { phaseNames, phaseTexts } from "../monitors/phases.ts"
import { absoluteTime, duration } from "../ui/format.ts"
import { StatusBadge } from "../ui/StatusIcon.tsx"
import type { IncidentDetail } from "./queries.ts"

type Seen = NonNullable<IncidentDetail["monitors"][number]["seen"]>

/** What was seen at a check that failed: all that is known of it. */
export const Evidence = ({ seen }: { readonly seen: Seen }) => {
  const { error, evidence, httpStatus, region, responseTimeMs, slot, status } = seen
  return (
    <div className="evidence">
      <dl className="pairs">
        <Pair name="Result">
          <StatusBadge status={status} />
        </Pair>
        <Pair name="Checked">
          {absoluteTime(Date.parse(slot))} from {region}
        </Pair>
        {error !== null && <Pair name={`Error, ${error.kind}`}>{error.message}</Pair>}
        {httpStatus !== null && <Pair name="HTTP status">{httpStatus}</Pair>}
        <Pair name="Response time">{responseTimeMs === null ? "Nothing answered" : duration(responseTimeMs)}</Pair>
        {evidence?.address != null && (
          <Pair name="Address">
            <code>{evidence.address}</code>
          </Pair>
        )}
      </dl>
      <Phases seen={seen} />
      {evidence?.certificate != null && <Certificate certificate={evidence.certificate} />}
      {evidence !== null && evidence.headers.length > 0 && (
        <>
          <h3>Headers</h3>
          <dl className="headers" tabIndex={0}>
            {evidence.headers.map(([name, value], index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice, and none of them ever moves
              <div key={index}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {evidence?.body != null && evidence.body !== "" && (
        <>
          <h3>Beginning of the body</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
          <pre tabIndex={0}>{evidence.body}</pre>
        </>
      )}
    </div>
  )
}

const Pair = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

const Phases = ({ seen }: { readonly seen: Seen }) => {
  const reached = phaseNames.flatMap((name) => {
    const ms = seen.phases[name]
    return ms === null ? [] : [{ name, ms }]
  })
  if (reached.length === 0) return null
  return (
    <>
      <h3>Where the time went</h3>
      <dl className="phases">
        {reached.map(({ ms, name }) => (
          <div key={name}>
            <dt>{phaseTexts[name]}</dt>
            <dd>{duration(ms)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

const Certificate = ({
  certificate: { fingerprint, issuer, subject, validFrom, validTo },
}: {
  readonly certificate: NonNullable<NonNullable<Seen["evidence"]>["certificate"]>
}) => (
  <>
    <h3>Certificate</h3>
    <dl className="pairs">
      <Pair name="Subject">{subject}</Pair>
      <Pair name="Issuer">{issuer}</Pair>
      {validFrom !== null && <Pair name="Valid from">{absoluteTime(validFrom)}</Pair>}
      {validTo !== null && <Pair name="Valid until">{absoluteTime(validTo)}</Pair>}
      <Pair name="SHA-256">
        <code>{fingerprint}</code>
      </Pair>
    </dl>
  </>
)
