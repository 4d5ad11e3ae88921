import { useQuery } from "@tanstack/react-query"
import { Link, useParams } from "@tanstack/react-router"
import { monitorQuery } from "../../api/queries.ts"
import { useTitle } from "../../app/useTitle.ts"
import { buttonClass } from "../../ui/Button.tsx"
import { RelativeTime } from "../../ui/RelativeTime.tsx"
import { heartbeatQuery } from "../detail/queries.ts"
import { PingAddresses } from "./PingAddresses.tsx"

/** How often is looked for the first ping, in milliseconds, where no stream of events tells of it. */
const lookEvery = 2_000

/** The way from a new heartbeat to its first ping. */
export const HeartbeatPage = () => {
  const { id } = useParams({ from: "/inside/monitors/$id/heartbeat" })
  const monitor = useQuery(monitorQuery(id))
  const heartbeat = useQuery({
    ...heartbeatQuery(id),
    refetchInterval: ({ state }) => (state.data?.lastPingAt === null ? lookEvery : 10 * lookEvery),
  })
  const name = monitor.data?.name ?? "the heartbeat"
  const lastPingAt = heartbeat.data?.lastPingAt ?? null
  useTitle(`Ping ${name}`)
  return (
    <div className="heartbeat-page">
      <h1>Let your job ping {name}</h1>
      <p className={lastPingAt === null ? "row" : ""} role="status">
        {lastPingAt === null ? (
          <>
            <span className="spinner" /> Waiting for the first ping …
          </>
        ) : (
          <>
            The last ping came <RelativeTime at={lastPingAt} />.
          </>
        )}
      </p>
      <PingAddresses id={id} />
      <div className="row">
        <Link to="/monitors/$id" params={{ id }} className={buttonClass("primary")}>
          To the monitor
        </Link>
      </div>
    </div>
  )
}
