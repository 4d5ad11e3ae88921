import { useMutation } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { wallOfInstant } from "@uptime/incidents/WallTime"
import { useState } from "react"
import { call } from "../api/call.ts"
import { queryClient } from "../api/queryClient.ts"
import { useTitle } from "../app/useTitle.ts"
import { currentTime } from "../ui/clock.ts"
import { showToast } from "../ui/Toasts.tsx"
import { createOf, newDraft } from "./draft.ts"
import { MaintenanceForm } from "./MaintenanceForm.tsx"
import { ownZone } from "./planText.ts"
import { maintenancesQuery, type Plan } from "./queries.ts"
import { putMaintenance } from "./useMaintenanceChange.ts"

/** Planning a maintenance. */
export const NewMaintenancePage = () => {
  useTitle("Plan maintenance")
  const { day, now: atOnce } = useSearch({ from: "/inside/maintenance/new" })
  const navigate = useNavigate()
  const [draft, setDraft] = useState(() => {
    const now = currentTime()
    if (atOnce === true) return newDraft(now, { kind: "manual", from: wallOfInstant(now, ownZone()) })
    return newDraft(now, { from: day === undefined ? undefined : `${day}T22:00` })
  })
  const create = useMutation({
    mutationFn: (plan: Plan) => call("maintenances", "create", { payload: createOf(draft, plan) }),
    onSuccess: async (created) => {
      putMaintenance(created)
      void queryClient.invalidateQueries({ queryKey: maintenancesQuery.queryKey })
      showToast({ text: `Planned “${created.title}”` })
      await navigate({ to: "/maintenance" })
    },
  })
  return (
    <MaintenanceForm
      title="Plan maintenance"
      action={draft.kind === "manual" ? "Save" : "Plan it"}
      draft={draft}
      onChange={setDraft}
      onSubmit={(plan) => create.mutate(plan)}
      error={create.error}
      busy={create.isPending}
    />
  )
}
