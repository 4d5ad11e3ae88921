import { ReferenceRefused } from "@uptime/contract/ApiErrors"
import type { ParentCycle, ReferenceNotFound } from "@uptime/persistence/MonitorReferences"

/** Where among a monitor's settings the reference is, and what is wrong with it: foreign and unknown are said alike. */
export const referenceIssue = ({ what }: ReferenceNotFound) => ({
  path: referencePaths[what],
  message: `you have no ${what === "parent" ? "monitor" : what} with an id that is given here`,
})

const referencePaths = {
  parent: ["parents"],
  channel: ["alerts", "channels"],
  escalation: ["alerts", "escalationId"],
} as const

/** The same of parents that lie behind the monitor: the circle is named. */
export const cycleIssue = ({ monitors }: ParentCycle) => ({
  path: ["parents"],
  message: `monitors would lie behind themselves: ${cycleText(monitors.map(({ name }) => name))}`,
})

/** The names along a circle, each with its parent after it; a long one is cut in its middle. */
const cycleText = (names: ReadonlyArray<string>): string =>
  (names.length <= 10 ? names : [...names.slice(0, 5), "…", ...names.slice(-4)])
    .map((name) => (name.length > 50 ? `${name.slice(0, 50)}…`.toWellFormed() : name))
    .join(" → ")

/** The answer to a reference that is not there, and to a circle. */
export const referenceRefused = (error: ReferenceNotFound | ParentCycle): ReferenceRefused => {
  const { message, path } = error._tag === "ParentCycle" ? cycleIssue(error) : referenceIssue(error)
  return new ReferenceRefused({ message: `${path.join(".")}: ${message}.` })
}
