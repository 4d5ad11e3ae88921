import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { recentQuery } from "../../api/queries.ts"
import { CheckBar } from "../../ui/CheckBar.tsx"

/** How long a row that somebody scrolls to has to stay before its checks are asked for, in milliseconds. */
const staysFor = 150

/**
 * The last checks of a row's monitor. A row that scrolls by shows what is known of them, and asks nothing: to begin a question and
 * to take it back was a third of the script of a frame in which a screen of rows goes by.
 *
 * @param isScrolling whether somebody scrolls at this instant; the same function in every render
 */
export const RecentBar = ({
  monitorId,
  isScrolling,
}: {
  readonly monitorId: string
  readonly isScrolling: () => boolean
}) => {
  const [stays, setStays] = useState(() => !isScrolling())
  useEffect(() => {
    if (stays) return
    const timer = setTimeout(() => setStays(true), staysFor)
    return () => clearTimeout(timer)
  }, [stays])
  return stays ? <AskedBar monitorId={monitorId} /> : <KnownBar monitorId={monitorId} />
}

const AskedBar = ({ monitorId }: { readonly monitorId: string }) => (
  <CheckBar checks={useQuery(recentQuery(monitorId)).data?.checks} />
)

const KnownBar = ({ monitorId }: { readonly monitorId: string }) => (
  <CheckBar checks={useQueryClient().getQueryData(recentQuery(monitorId).queryKey)?.checks} />
)
