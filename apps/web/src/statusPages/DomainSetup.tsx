import { CopyButton } from "../ui/CopyButton.tsx"
import { DomainProof } from "./DomainProof.tsx"
import { dnsRecord } from "./pageAddress.ts"
import type { StatusPage } from "./queries.ts"

/** What to do so that a page is shown under a host name of its own: one that is typed, and perhaps not stored yet. */
export const DomainSetup = ({ domain, page }: { readonly domain: string; readonly page: StatusPage }) => {
  const record = dnsRecord(domain, window.location.hostname)
  const stored = page.customDomain?.host === domain ? page.customDomain : null
  return (
    <ol className="domain-steps">
      <li>
        <strong>Show that the name is yours.</strong>{" "}
        {stored === null ? (
          "Save first: the record that its DNS has to hold is told then. Nothing is served under the name before that."
        ) : (
          <DomainProof pageId={page.id} domain={stored} />
        )}
      </li>
      <li>
        <strong>Point the name here.</strong>{" "}
        {record === null ? (
          <>
            You see this dashboard under <code>{window.location.hostname}</code>, which means nothing elsewhere: in the
            DNS of the domain, give <code>{domain}</code> an A or AAAA record with the public address of this server.
          </>
        ) : (
          <>
            In the DNS of the domain, add this record:
            <span className="dns-record">
              <code>
                {record.name} {record.type} {record.value}
              </code>
              <CopyButton text={`${record.name} ${record.type} ${record.value}`} label="the record" />
            </span>
          </>
        )}
      </li>
      <li>
        <strong>Have https for it.</strong> The proxy in front of this server needs a certificate for the name; one that
        makes them by itself can ask <code>/tls-ask?domain={domain}</code> whether it is a page’s. Under the name
        nothing but the page is answered, no log-in either.
      </li>
    </ol>
  )
}
