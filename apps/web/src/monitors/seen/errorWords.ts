import type { ResultDetail } from "../detail/queries.ts"

/** The words for why a check did not end well. */
export const errorWords: Readonly<Record<NonNullable<ResultDetail["error"]>["kind"], string>> = {
  dns: "Name not resolved",
  connect: "No connection",
  tls: "TLS or certificate",
  timeout: "Deadline passed",
  status: "Unexpected status",
  redirect: "Redirect",
  body: "Broken answer",
  protocol: "Unexpected answer",
  condition: "Condition failed",
  heartbeat: "Heartbeat",
  blocked: "Refused by policy",
  internal: "Fault of ours",
}
