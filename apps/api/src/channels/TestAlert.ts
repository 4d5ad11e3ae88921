import { randomUUID } from "node:crypto"
import type { Alert } from "@uptime/alerting/Alert"
import { Clock, Effect } from "effect"

/**
 * A message that shows that a channel works. Each is of an incident of its own, so that no provider takes a second one for a
 * repetition.
 *
 * @param publicUrl where the installation is; null where that is not known
 */
export const testAlert = (publicUrl: string | null): Effect.Effect<Alert> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const id = randomUUID()
    return {
      incidentId: id,
      incidentUrl: publicUrl,
      change: "test",
      idempotencyKey: `${id}:test`,
      severity: "Info",
      title: "A test message",
      at: now,
      startedAt: now,
      resolvedAt: null,
      monitors: [],
      acknowledgedBy: null,
      ending: null,
      monitorCount: 0,
      note: null,
      sentBy: publicUrl ?? "Uptime",
    }
  })
