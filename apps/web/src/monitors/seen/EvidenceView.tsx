import { absoluteTime } from "../../ui/format.ts"
import type { Evidence } from "../detail/queries.ts"
import "./seen.css"

/** What was seen of a target: the address that was dialled, its certificate, its answer's headers and how it began. */
export const EvidenceView = ({ evidence }: { readonly evidence: Evidence }) => {
  const { address, body, certificate, headers } = evidence
  return (
    <div className="seen-evidence stack">
      {address !== null && (
        <dl className="fact-pairs">
          <dt>Address</dt>
          <dd>
            <code>{address}</code>
          </dd>
        </dl>
      )}
      {certificate !== null && (
        <section>
          <h3>Certificate</h3>
          <dl className="fact-pairs">
            <dt>Subject</dt>
            <dd>{certificate.subject}</dd>
            <dt>Issuer</dt>
            <dd>{certificate.issuer}</dd>
            <dt>Valid</dt>
            <dd>
              {certificate.validFrom === null ? "?" : absoluteTime(certificate.validFrom)} to{" "}
              {certificate.validTo === null ? "?" : absoluteTime(certificate.validTo)}
            </dd>
            <dt>SHA-256</dt>
            <dd>
              <code>{certificate.fingerprint}</code>
            </dd>
          </dl>
        </section>
      )}
      {headers.length > 0 && (
        <section>
          <h3>Headers</h3>
          <dl className="fact-pairs">
            {headers.map(([name, value], index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice, and none moves
              <div key={index}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {body !== null && (
        <section>
          <h3>Answer</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
          <pre tabIndex={0}>{body === "" ? "(empty)" : body}</pre>
        </section>
      )}
    </div>
  )
}
