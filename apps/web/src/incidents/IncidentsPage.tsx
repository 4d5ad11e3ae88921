import { useQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { useDeferredValue, useRef } from "react"
import { failureText } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { useTitle } from "../app/useTitle.ts"
import { counted } from "../ui/format.ts"
import { showToast } from "../ui/Toasts.tsx"
import { IncidentFilters } from "./IncidentFilters.tsx"
import { IncidentSection } from "./IncidentSection.tsx"
import "./incidents.css"
import type { IncidentSearch } from "./incidentSearch.ts"
import { mostCounted, openCountQuery } from "./queries.ts"
import { useIncidentChange } from "./useIncidentChange.ts"
import { useRowKeys } from "./useRowKeys.ts"

const headline = (open: number | undefined): string => {
  if (open === undefined) return "Incidents"
  if (open === 0) return "No open incidents"
  return open > mostCounted ? `More than ${mostCounted} open incidents` : `${counted(open, "open incident")}`
}

/** All incidents: the open ones first. */
export const IncidentsPage = () => {
  useTitle("Incidents")
  const search = useSearch({ from: "/inside/incidents" })
  const navigate = useNavigate()
  const wanted = useDeferredValue(search)
  const open = useQuery(openCountQuery)
  const list = useRef<HTMLDivElement>(null)
  const acknowledge = useIncidentChange((id: string) => call("incidents", "acknowledge", { path: { id } }), {
    onSuccess: ({ title }) => showToast({ text: `Acknowledged “${title}”` }),
    onError: (error) => showToast({ text: failureText(error) }),
  })
  useRowKeys(list, (key, id) => {
    if (key === "a" && !acknowledge.isPending) acknowledge.mutate(id)
  })
  const setSearch = (change: IncidentSearch) =>
    void navigate({ to: "/incidents", search: (old) => ({ ...old, ...change }), replace: true })
  const { q, state = "all" } = wanted
  return (
    <div className="incident-list">
      <h1>{headline(open.data)}</h1>
      <IncidentFilters search={search} onChange={setSearch} />
      <div ref={list} className="stack">
        {state !== "resolved" && (
          <IncidentSection
            open
            text={q}
            none={q === undefined ? "Nothing is wrong at the moment." : "No open incident matches."}
          />
        )}
        {state !== "open" && (
          <IncidentSection
            open={false}
            text={q}
            none={
              q === undefined
                ? "Nothing has gone wrong yet. When a monitor goes down, what happened is told here."
                : "No resolved incident matches."
            }
          />
        )}
      </div>
    </div>
  )
}
