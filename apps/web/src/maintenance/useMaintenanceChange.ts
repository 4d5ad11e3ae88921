import { useMutation } from "@tanstack/react-query"
import { failureText } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { queryClient } from "../api/queryClient.ts"
import { currentTime } from "../ui/clock.ts"
import { showToast } from "../ui/Toasts.tsx"
import { type Maintenance, maintenanceQuery, maintenancesQuery } from "./queries.ts"

/** Shows a maintenance as it is now, wherever it is shown. */
export const putMaintenance = (next: Maintenance): void => {
  queryClient.setQueryData(maintenancesQuery.queryKey, (old) =>
    old?.some(({ id }) => id === next.id) === true
      ? old.map((each) => (each.id === next.id ? next : each))
      : old === undefined
        ? old
        : [next, ...old],
  )
  queryClient.setQueryData(maintenanceQuery(next.id).queryKey, next)
}

/** Ends the window of a maintenance that is open. */
export const useEndMaintenance = (maintenance: Maintenance) =>
  useMutation({
    mutationFn: () => call("maintenances", "end", { path: { id: maintenance.id } }),
    onSuccess: (next) => {
      putMaintenance(next)
      showToast({ text: `Ended “${maintenance.title}”` })
    },
    onError: failed,
  })

/** Begins a maintenance now: one that is to come, or one that is ended by hand. Not for those that recur by a rule. */
export const useStartMaintenance = (maintenance: Maintenance) =>
  useMutation({
    mutationFn: () => {
      const { id, plan } = maintenance
      const from = new Date(currentTime()).toISOString()
      return call("maintenances", "edit", {
        path: { id },
        payload:
          plan.kind === "single" ? { plan: { ...plan, from } } : { plan: { kind: "manual", from, endedAt: null } },
      })
    },
    onSuccess: (next) => {
      putMaintenance(next)
      showToast({ text: `Started “${maintenance.title}”` })
    },
    onError: failed,
  })

/** Deletes a maintenance. */
export const useDeleteMaintenance = (maintenance: Maintenance, onDone: () => void) =>
  useMutation({
    mutationFn: () => call("maintenances", "remove", { path: { id: maintenance.id } }),
    onSuccess: () => {
      queryClient.setQueryData(maintenancesQuery.queryKey, (old) => old?.filter(({ id }) => id !== maintenance.id))
      showToast({ text: `Deleted “${maintenance.title}”` })
      onDone()
    },
  })

const failed = (error: Error) => {
  void queryClient.invalidateQueries({ queryKey: maintenancesQuery.queryKey })
  showToast({ text: failureText(error) })
}
