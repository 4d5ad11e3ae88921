import { changeMonitor } from "@uptime/conditions/ChangeMonitor"
import type { ValidationIssue } from "@uptime/contract/ApiErrors"
import type { MonitorSettings } from "@uptime/domain/Monitor"
import { defaultSettings, type MonitorChanges } from "@uptime/domain/MonitorChanges"
import type { MonitorUrl } from "@uptime/domain/MonitorUrl"
import type { Either } from "effect"

/**
 * A new monitor, complete: what was left out is filled in; or all that speaks against it.
 *
 * @param input what was asked for, with its secrets sealed
 * @param defaultInterval seconds between two checks when none are given
 */
export const newMonitor = (
  url: MonitorUrl,
  input: MonitorChanges,
  defaultInterval: number,
): Either.Either<MonitorSettings, ReadonlyArray<ValidationIssue>> =>
  changeMonitor(defaultSettings(url, defaultInterval), input)
