import { useOptions } from "../FormContext.tsx"
import { ChoiceField, CountField, LineField, LinesField } from "../fields.tsx"

const types = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"] as const
const rcodes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"] as const

/** What a name server is asked, and what it must answer. */
export const DnsFields = () => {
  const [dns, change] = useOptions("dns")
  const { expect } = dns
  return (
    <>
      <div className="field-row">
        <ChoiceField
          label="Type of record"
          path="dns.type"
          value={dns.type}
          options={types.map((type) => [type, type] as const)}
          onValue={(type) => change({ type })}
        />
        <ChoiceField
          label="Protocol"
          path="dns.protocol"
          value={dns.protocol}
          options={[
            ["udp", "UDP, and TCP for long answers"],
            ["tcp", "TCP"],
          ]}
          onValue={(protocol) => change({ protocol })}
        />
      </div>
      <LineField
        label="Name server"
        path="dns.resolver"
        value={dns.resolver}
        onText={(resolver) => change({ resolver })}
        placeholder="The checker's own"
        hint="An address with or without a port, such as 9.9.9.9 or [2620:fe::fe]:53."
      />
      <ChoiceField
        label="Answer"
        path="dns.rcode"
        value={dns.rcode}
        options={rcodes.map((rcode) => [rcode, rcode] as const)}
        onValue={(rcode) => change({ rcode })}
      />
      <LinesField
        label="Expected records"
        path="dns.expect.records"
        value={expect?.records.join("\n")}
        onText={(text) =>
          change({
            expect: text === undefined ? undefined : { match: expect?.match ?? "all", records: text.split("\n") },
          })
        }
        hint="A line each: an address, or 10 mail.example.com for MX."
      />
      {expect !== undefined && (
        <ChoiceField
          label="Of these must be there"
          path="dns.expect.match"
          value={expect.match}
          options={[
            ["all", "All of them"],
            ["any", "Any of them"],
            ["exactly", "These and no others"],
          ]}
          onValue={(match) => change({ expect: { ...expect, match } })}
        />
      )}
    </>
  )
}

/** When a domain's end is warned of. */
export const DomainFields = () => {
  const [{ warnDays }, change] = useOptions("domain")
  return (
    <CountField
      label="Warn before, in days"
      path="domain.warnDays"
      value={warnDays}
      onValue={(next) => change({ warnDays: next })}
      min={0}
      max={365}
      placeholder="30"
      hint="Degraded from then on; 0 for never. Where it is empty, a condition on [DOMAIN_EXPIRATION] takes its place."
    />
  )
}
