import type { Alert } from "./Alert.ts"

/**
 * The message that is sent to see that a channel works, of an incident of its own.
 *
 * @param incidentId what no other message is of, so that no provider takes it for a repetition
 * @param at when it is sent, in milliseconds since the epoch
 * @param publicUrl where the installation is; null where that is not known
 */
export const testAlert = (incidentId: string, at: number, publicUrl: string | null): Alert => ({
  incidentId,
  incidentUrl: publicUrl,
  change: "test",
  idempotencyKey: `${incidentId}:test`,
  severity: "Info",
  title: "A test message",
  at,
  startedAt: at,
  acknowledgedBy: null,
  resolvedAt: null,
  ending: null,
  monitors: [],
  monitorCount: 0,
  note: null,
  sentBy: publicUrl ?? "Uptime",
})
