import type { Observation } from "@uptime/conditions/Observation"
import { noPhases } from "@uptime/domain/Result"

/** Nothing was seen. */
export const nothingSeen: Observation = {
  status: null,
  responseTimeMs: null,
  ip: null,
  connected: false,
  body: null,
  headers: [],
  phases: noPhases,
  certificateExpiresInMs: null,
  domainExpiresInMs: null,
  dnsRcode: null,
  records: null,
  packetLossPercent: null,
  grpcStatus: null,
}

/** An observation of these values and no others. */
export const seeing = (values: Partial<Observation>): Observation => ({ ...nothingSeen, ...values })

/** An observation of a body only. */
export const body = (text: string): Observation => seeing({ body: text })
