import { useOptions } from "../FormContext.tsx"
import { ChoiceField, CountField, ListField, SwitchField } from "../fields.tsx"
import { HeaderRows } from "../HeaderRows.tsx"
import { HttpAuthFields } from "./HttpAuthFields.tsx"
import { HttpBodyFields } from "./HttpBodyFields.tsx"
import { HttpTlsFields } from "./HttpTlsFields.tsx"

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const

/** What is sent to a site, and what of its answer is accepted. */
export const HttpFields = () => {
  const [http, change] = useOptions("http")
  return (
    <>
      <div className="field-row">
        <ChoiceField
          label="Method"
          path="http.method"
          value={http.method}
          options={methods.map((method) => [method, method] as const)}
          onValue={(method) => change({ method })}
        />
        <CountField
          label="Redirects"
          path="http.maxRedirects"
          value={http.maxRedirects}
          onValue={(maxRedirects) => change({ maxRedirects })}
          min={0}
          max={10}
          placeholder="5"
          hint="How many are followed at most; with 0 the redirect is the answer."
        />
      </div>
      <HttpBodyFields />
      <HeaderRows
        path="http.headers"
        label="Headers"
        secret={false}
        max={20}
        headers={http.headers}
        onHeaders={(headers) => change({ headers })}
      />
      <HeaderRows
        path="http.secretHeaders"
        label="Secret headers"
        secret
        max={10}
        headers={http.secretHeaders}
        onHeaders={(secretHeaders) => change({ secretHeaders })}
      />
      <HttpAuthFields />
      <ListField
        label="Accepted statuses"
        path="http.acceptedStatus"
        value={http.acceptedStatus}
        onList={(acceptedStatus) => change({ acceptedStatus })}
        placeholder="200-299"
        hint="A status or a range of them, such as 200-299; a condition on [STATUS] takes their place."
      />
      <div className="field-row">
        <ChoiceField
          label="Address family"
          path="http.ipFamily"
          value={http.ipFamily}
          options={[
            ["any", "IPv4 or IPv6"],
            ["ipv4", "IPv4 only"],
            ["ipv6", "IPv6 only"],
          ]}
          onValue={(ipFamily) => change({ ipFamily })}
        />
        <ChoiceField
          label="HTTP version"
          path="http.httpVersion"
          value={http.httpVersion}
          options={[
            ["1.1", "HTTP/1.1"],
            ["2", "HTTP/2 (over TLS)"],
            ["any", "The server chooses"],
          ]}
          onValue={(httpVersion) => change({ httpVersion })}
        />
      </div>
      <SwitchField
        label="Bust caches"
        path="http.cacheBust"
        value={http.cacheBust}
        onChecked={(cacheBust) => change({ cacheBust })}
        hint="Adds a parameter to the address that is different each time, so that no cache answers."
      />
      <HttpTlsFields />
    </>
  )
}
