import type { MonitorId } from "../../packages/domain/src/Ids.ts"
import type { NewResult } from "../../packages/domain/src/Result.ts"

/** A result as most are: a site that is up, with every phase measured, begun 400 ms after its slot (milliseconds since the epoch). */
export const upResult = (monitorId: MonitorId, region: NewResult["region"], slot: number): NewResult => ({
  monitorId,
  region,
  slot,
  checkedAt: slot + 400,
  outcome: {
    status: "Up",
    responseTimeMs: 87.125,
    phases: { dns: 1.5, connect: 11.25, tls: 24.5, firstByte: 48.125, transfer: 1.75 },
    httpStatus: 200,
    errorKind: null,
    errorMessage: null,
    certificateExpiresAt: null,
    attempts: 1,
    evidence: null,
  },
})
