import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query"
import { ApiFailure } from "./ApiFailure.ts"

const endedListeners = new Set<() => void>()

/** Calls back when an answer says that nobody is logged in any more. */
export const onSessionEnded = (listener: () => void): (() => void) => {
  endedListeners.add(listener)
  return () => endedListeners.delete(listener)
}

const noticeEnd = (error: unknown) => {
  if (!(error instanceof ApiFailure) || error.status !== 401) return
  for (const listener of endedListeners) listener()
}

/** How often what may succeed later is tried again: never what was refused. */
const retry = (failures: number, error: unknown): boolean =>
  failures < 2 && (!(error instanceof ApiFailure) || error.status === 0 || error.status >= 500)

/** All that the dashboard knows of the server. What changes there is told by `live.ts`; half a minute is long enough else. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEnd }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      if (mutation.options.mutationKey?.[0] !== "session") noticeEnd(error)
    },
  }),
  defaultOptions: { queries: { staleTime: 30_000, gcTime: 300_000, retry, refetchOnWindowFocus: true } },
})
