import { Schema } from "effect"
import { lineOfText } from "../Text.ts"

/** The types of record that can be asked for. */
export const RecordType = Schema.Literal("A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT")
export type RecordType = typeof RecordType.Type

/** Response codes by their names in the IANA registry of DNS parameters. */
export const Rcode = Schema.Literal("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED")
export type Rcode = typeof Rcode.Type

/** What a DNS check may be told; the name asked for is the URL's host. */
export const dnsOptions = Schema.Struct({
  /** `A` unless given. */
  type: Schema.optionalWith(RecordType, { exact: true }),
  /** The server to ask, an address with or without a port; the machine's own unless given. */
  resolver: Schema.optionalWith(
    Schema.String.pipe(
      Schema.pattern(/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:.]{2,45}\])(?::\d{1,5})?$/, {
        message: () => 'an address with or without a port, such as "9.9.9.9" or "[2620:fe::fe]:53"',
      }),
    ),
    { exact: true },
  ),
  /** `udp` unless given, and `tcp` by itself when an answer is too long for it. */
  protocol: Schema.optionalWith(Schema.Literal("udp", "tcp"), { exact: true }),
  /** What the server must say: `NOERROR` unless given. */
  rcode: Schema.optionalWith(Rcode, { exact: true }),
  /** Records as text (an address; `10 mail.example.com` for MX): one, each, or exactly these must be in the answer. */
  expect: Schema.optionalWith(
    Schema.Struct({
      match: Schema.Literal("any", "all", "exactly"),
      records: Schema.Array(lineOfText(1, 500)).pipe(Schema.minItems(1), Schema.maxItems(20)),
    }),
    { exact: true },
  ),
})

/** What a check of a domain's registration may be told. */
export const domainOptions = Schema.Struct({
  /**
   * `Degraded` from so many days before the registration ends, 0 for never; unless given 30, or none where a condition
   * speaks of `[DOMAIN_EXPIRATION]`.
   */
  warnDays: Schema.optionalWith(Schema.Int.pipe(Schema.between(0, 365)), { exact: true }),
})
