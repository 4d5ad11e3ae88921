import { useId, useMemo, useState } from "react"
import { Button } from "../ui/Button.tsx"
import { MaintenanceItem } from "./MaintenanceItem.tsx"
import type { Maintenance } from "./queries.ts"
import { type Standing, standingAt } from "./windows.ts"

/** How many of a list are shown at first. */
const firstShown = 10

interface Entry {
  readonly maintenance: Maintenance
  readonly standing: Standing
}

/** What is open now, what is to come, the next first, and what is past, the newest first. */
export const MaintenanceList = ({
  maintenances,
  now,
}: {
  readonly maintenances: ReadonlyArray<Maintenance>
  readonly now: number
}) => {
  const entries = useMemo(
    () => maintenances.map((maintenance): Entry => ({ maintenance, standing: standingAt(maintenance, now) })),
    [maintenances, now],
  )
  const of = (state: Standing["state"]) => entries.filter(({ standing }) => standing.state === state)
  const startOf = ({ standing }: Entry) => standing.window?.startsAt ?? 0
  const open = of("open").sort((one, other) => startOf(one) - startOf(other))
  const coming = of("coming").sort((one, other) => startOf(one) - startOf(other))
  const past = of("past")
  return (
    <>
      {open.length > 0 && <Section title="Open now" entries={open} now={now} />}
      <Section title="To come" entries={coming} now={now} none="Nothing is to come." />
      {past.length > 0 && <Section title="Past" entries={past} now={now} />}
    </>
  )
}

const Section = ({
  title,
  entries,
  now,
  none,
}: {
  readonly title: string
  readonly entries: ReadonlyArray<Entry>
  readonly now: number
  readonly none?: string
}) => {
  const id = useId()
  const [all, setAll] = useState(false)
  const shown = all ? entries : entries.slice(0, firstShown)
  return (
    <section className="card stack" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {entries.length === 0 && <p className="muted">{none}</p>}
      <ul className="maintenance-list">
        {shown.map(({ maintenance, standing }) => (
          <li key={maintenance.id}>
            <MaintenanceItem maintenance={maintenance} standing={standing} now={now} />
          </li>
        ))}
      </ul>
      {shown.length < entries.length && (
        <Button className="small" onClick={() => setAll(true)}>
          Show all {entries.length}
        </Button>
      )}
    </section>
  )
}
