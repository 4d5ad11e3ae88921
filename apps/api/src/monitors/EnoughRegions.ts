import type { ValidationIssue } from "@uptime/contract/ApiErrors"
import type { MonitorEdit } from "@uptime/contract/MonitorsApi"
import type { Region } from "@uptime/domain/Region"

/** What speaks against how many regions must know: with more than there are, a monitor would be `Unknown` for ever. */
export const regionIssues = (
  regions: ReadonlyArray<Region>,
  { confirmation }: Pick<MonitorEdit, "confirmation">,
): ReadonlyArray<ValidationIssue> => {
  const { length } = regions
  if (confirmation?.minRegions === undefined || confirmation.minRegions <= length) return []
  const message = `must be at most ${length}: this installation has ${length === 1 ? "one region" : `${length} regions`}`
  return [{ path: ["confirmation", "minRegions"], message }]
}
