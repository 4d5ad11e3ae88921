import type { ReactNode } from "react"

/** Leads to an incident's page. */
export const IncidentLink = ({ id, children }: { readonly id: string; readonly children: ReactNode }) => (
  <a href={`/incidents/${id}`}>{children}</a>
)
