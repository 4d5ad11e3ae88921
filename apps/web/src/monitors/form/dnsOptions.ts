import type { Draft, Options } from "./MonitorForm.ts"

/** The options of a DNS check that are sent: an empty line is no record, and without any record none is expected. */
export const dnsOptions = ({ expect, ...others }: Draft<Options<"dns">>): Draft<Options<"dns">> => {
  const records = expect?.records.filter((record) => record !== "") ?? []
  return { ...others, expect: expect === undefined || records.length === 0 ? undefined : { ...expect, records } }
}
