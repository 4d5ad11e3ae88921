import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"

/** Leads to an incident's page. */
export const IncidentLink = ({ id, children }: { readonly id: string; readonly children: ReactNode }) => (
  <Link to="/incidents/$id" params={{ id }}>
    {children}
  </Link>
)
