import { DateTime, Schema } from "effect"
import { TestRunResponse } from "../../packages/contract/src/TestRunsApi.ts"
import { Region } from "../../packages/domain/src/Region.ts"
import type { RegionTestRun } from "../../packages/domain/src/TestRun.ts"

const dayMs = 86_400_000

/**
 * What a run of a check of the shop's API would give, since there is none to ask: as JSON of the API.
 *
 * @param now when it ran, in milliseconds since the epoch
 */
export const testRun = (now: number): string => {
  const certificate = {
    subject: "CN=api.northlight.example",
    issuer: "C=US, O=Let's Encrypt, CN=R11",
    validFrom: now - 29 * dayMs,
    validTo: now + 61 * dayMs,
    fingerprint: "9c1f5be02d7a4483e6b7".repeat(3).slice(0, 64),
  }
  const region = (
    location: string,
    phases: { dns: number; connect: number; tls: number; firstByte: number; transfer: number },
  ): RegionTestRun => {
    const responseTimeMs = Object.values(phases).reduce((sum, ms) => sum + ms, 0)
    const isSlow = responseTimeMs >= 400
    const ms = String(Math.floor(responseTimeMs))
    return {
      location: Region.make(location),
      problem: null,
      result: {
        checkedAt: DateTime.unsafeMake(now),
        status: isSlow ? "Degraded" : "Up",
        responseTimeMs,
        phases,
        httpStatus: 200,
        error: isSlow
          ? { kind: "condition", message: `[RESPONSE_TIME] < 400 failed: [RESPONSE_TIME] was ${ms}` }
          : null,
        certificateExpiresAt: DateTime.unsafeMake(certificate.validTo),
        conditions: [
          { condition: "[STATUS] == 200", severity: "Down", holds: true, seen: "200" },
          { condition: '[BODY].status == "ok"', severity: "Down", holds: true, seen: "ok" },
          { condition: "[RESPONSE_TIME] < 400", severity: "Degraded", holds: !isSlow, seen: ms },
        ],
        evidence: {
          address: "203.0.113.24",
          headers: [
            ["content-type", "application/json"],
            ["cache-control", "no-store"],
            ["server", "nginx"],
          ],
          body: '{"status":"ok","version":"2026.11.3","checks":{"database":"ok","payments":"ok"}}',
          certificate,
        },
      },
    }
  }
  const items = [
    region("USA", { dns: 4.2, connect: 18.3, tls: 24.9, firstByte: 75.1, transfer: 9.3 }),
    region("India", { dns: 6.1, connect: 97.4, tls: 121.2, firstByte: 176.5, transfer: 11.4 }),
  ]
  return JSON.stringify(Schema.encodeSync(TestRunResponse)({ items }))
}
