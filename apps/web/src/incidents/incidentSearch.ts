/** Which incidents the list shows. */
export const incidentStates = ["all", "open", "resolved"] as const
/** All, the open ones first; or only those that are open, or over. */
export type IncidentState = (typeof incidentStates)[number]

/** What the address of the list says about what it shows. */
export interface IncidentSearch {
  /** All when nothing is said. */
  readonly state?: IncidentState | undefined
  /** Looked for in titles, and in names and URLs of monitors. */
  readonly q?: string | undefined
}

/** The longest text that is looked for. */
export const longestText = 200

/** Reads what an address says; what means nothing is left out. */
export const readIncidentSearch = (search: Record<string, unknown>): IncidentSearch => {
  const { q } = search
  const state = incidentStates.find((each) => each === search["state"])
  const text = typeof q === "string" || typeof q === "number" ? String(q).slice(0, longestText).trim() : ""
  return {
    ...(state === undefined || state === "all" ? {} : { state }),
    ...(text === "" ? {} : { q: text }),
  }
}
