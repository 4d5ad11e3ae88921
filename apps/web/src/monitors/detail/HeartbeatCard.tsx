import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { Button } from "../../ui/Button.tsx"
import { ErrorState, Loading, Skeleton } from "../../ui/Feedback.tsx"
import { duration } from "../../ui/format.ts"
import { RelativeTime } from "../../ui/RelativeTime.tsx"
import { type Heartbeat, heartbeatQuery } from "./queries.ts"

const eventWords: Readonly<Record<Heartbeat["pings"][number]["event"], string>> = {
  start: "Started",
  success: "Succeeded",
  fail: "Failed",
  log: "Noted",
}

/** How many pings are shown at once. */
const page = 10

/** A heartbeat's newest pings, and when the next is expected. */
export const HeartbeatCard = ({ id }: { readonly id: string }) => {
  const heartbeat = useQuery(heartbeatQuery(id))
  const [shown, setShown] = useState(page)
  const { pings = [] } = heartbeat.data ?? {}
  return (
    <section className="card stack" aria-labelledby="pings-title">
      <h2 id="pings-title">Pings</h2>
      {heartbeat.data === undefined &&
        (heartbeat.isError ? (
          <ErrorState heading="h3" error={heartbeat.error} onRetry={() => void heartbeat.refetch()} />
        ) : (
          <Loading>
            <Skeleton height={160} />
          </Loading>
        ))}
      {heartbeat.data !== undefined && (
        <p className="muted">
          {heartbeat.data.deadlineAt === null ? (
            "None is expected: the first ping starts the clock."
          ) : (
            <>
              It is missed without a ping until <RelativeTime at={heartbeat.data.deadlineAt} />.
            </>
          )}
        </p>
      )}
      {pings.length > 0 && (
        <div className="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col" className="number">
                  Ran for
                </th>
                <th scope="col" className="number">
                  Exit code
                </th>
                <th scope="col">Said</th>
              </tr>
            </thead>
            <tbody>
              {pings.slice(0, shown).map((ping, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: several may come at one instant
                <tr key={`${ping.at} ${index}`}>
                  <td>
                    <RelativeTime at={ping.at} />
                  </td>
                  <td>{eventWords[ping.event]}</td>
                  <td className="number">{duration(ping.runMs)}</td>
                  <td className="number">{ping.exitCode ?? "–"}</td>
                  <td className="seen">{ping.body === null ? "" : <PingBody body={ping.body} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {pings.length > shown && <Button onClick={() => setShown(shown + page)}>Show older</Button>}
    </section>
  )
}

/** Above so many characters, or with a second line, what a ping said is folded away. */
const short = 80

const PingBody = ({ body }: { readonly body: string }) =>
  body.length <= short && !body.includes("\n") ? (
    body
  ) : (
    <details>
      <summary>{body.slice(0, short).split("\n", 1)[0]} …</summary>
      <pre>{body}</pre>
    </details>
  )
