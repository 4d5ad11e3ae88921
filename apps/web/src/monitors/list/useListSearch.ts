import { useNavigate, useSearch } from "@tanstack/react-router"
import { startTransition, useEffect, useRef, useState } from "react"
import type { ListSearch } from "./listSearch.ts"

/**
 * What the list shows, and a way to change that. A change is shown in the next frame, not when the page's address has
 * followed, which takes as long again; then the address holds, so that whoever goes back is led by it. The list of what is
 * typed may wait for the next letter.
 */
export const useListSearch = (): readonly [ListSearch, (change: ListSearch) => void] => {
  const address = useSearch({ from: "/inside/" })
  const navigate = useNavigate({ from: "/" })
  const [ahead, setAhead] = useState<ListSearch | null>(null)
  const latest = useRef(address)
  useEffect(() => {
    if (ahead === null) latest.current = address
  }, [address, ahead])
  const change = (part: ListSearch) => {
    const wanted = { ...latest.current, ...part }
    latest.current = wanted
    const followed = () => setAhead((now) => (now === wanted ? null : now))
    if ("q" in part) startTransition(() => setAhead(wanted))
    else setAhead(wanted)
    void navigate({ to: "/", search: wanted, replace: true }).then(followed, followed)
  }
  return [ahead ?? address, change]
}
