import type { MonitorCreate } from "@uptime/contract/MonitorsApi"
import { defaultName, defaultTimeoutMs, type MonitorSettings } from "@uptime/domain/Monitor"

/**
 * A new monitor, complete: what was left out is filled in.
 *
 * @param defaultInterval seconds between two checks when none are given
 */
export const newMonitor = (input: MonitorCreate, defaultInterval: number): MonitorSettings => ({
  url: input.url,
  name: input.name ?? defaultName(input.url),
  intervalSeconds: input.intervalSeconds ?? defaultInterval,
  timeoutMs: input.timeoutMs ?? defaultTimeoutMs,
  enabled: input.enabled ?? true,
  tags: input.tags ?? [],
})
