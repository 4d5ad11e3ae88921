import { useQuery } from "@tanstack/react-query"
import { mostCounted, openCountQuery } from "./queries.ts"

/** How many incidents are open, beside their name in the navigation; nothing while there is none. */
export const OpenCount = () => {
  const { data = 0 } = useQuery(openCountQuery)
  if (data === 0) return null
  return (
    <span className="count-badge">
      {data > mostCounted ? `${mostCounted}+` : data}
      <span className="visually-hidden"> open</span>
    </span>
  )
}
