import type { MonitorId } from "@uptime/domain/Ids"
import { Region } from "@uptime/domain/Region"
import { type NewResult, noPhases, type ProbeOutcome } from "@uptime/domain/Result"

/** A result as a worker stores it: of a check of a web site from the USA, that answers 200, or 503. */
export const newResult = (
  monitorId: MonitorId,
  slot: number,
  status: "Up" | "Down",
  given: Partial<ProbeOutcome> = {},
): NewResult => ({
  monitorId,
  region: Region.make("USA"),
  slot,
  checkedAt: slot,
  outcome: {
    status,
    responseTimeMs: 10,
    phases: noPhases,
    httpStatus: status === "Up" ? 200 : 503,
    errorKind: status === "Up" ? null : "status",
    errorMessage: status === "Up" ? null : "the answer was 503",
    certificateExpiresAt: null,
    attempts: 1,
    evidence: null,
    ...given,
  },
})
