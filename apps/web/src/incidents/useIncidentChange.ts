import { type UseMutationResult, useMutation } from "@tanstack/react-query"
import { queryClient } from "../api/queryClient.ts"
import { type IncidentDetail, incidentQuery } from "./queries.ts"

/** Something that changes an incident, and answers with it as it is then: it is shown, and lists are read anew. */
export const useIncidentChange = <A = void>(
  change: (given: A) => Promise<IncidentDetail>,
  after: { readonly onSuccess?: (incident: IncidentDetail) => void; readonly onError?: (error: Error) => void } = {},
): UseMutationResult<IncidentDetail, Error, A> =>
  useMutation({
    mutationFn: change,
    onSuccess: (incident) => {
      queryClient.setQueryData(incidentQuery(incident.id).queryKey, incident)
      void queryClient.invalidateQueries({ queryKey: ["incidents"] })
      after.onSuccess?.(incident)
    },
    onError: (error) => {
      void queryClient.invalidateQueries({ queryKey: ["incident"] })
      after.onError?.(error)
    },
  })
