import { useMutation, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { issueAt } from "../../api/ApiFailure.ts"
import { call } from "../../api/call.ts"
import { latestQuery, monitorQuery, summariesQuery } from "../../api/queries.ts"
import { queryClient } from "../../api/queryClient.ts"
import { Button, buttonClass } from "../../ui/Button.tsx"
import { FailureNotice } from "../../ui/Feedback.tsx"
import { TextField } from "../../ui/Field.tsx"
import { duration, shortUrl } from "../../ui/format.ts"
import { Icon } from "../../ui/Icon.tsx"
import { StatusBadge } from "../../ui/StatusIcon.tsx"
import { addressOf } from "../form/address.ts"

/** The first visit: one URL, and its first check arriving. */
export const FirstRun = ({
  created,
  onCreated,
  onDone,
}: {
  readonly created: string | null
  readonly onCreated: (id: string) => void
  readonly onDone: () => void
}) => (
  <div className="first-run">
    {created === null ? <AskUrl onCreated={onCreated} /> : <FirstCheck id={created} onDone={onDone} />}
  </div>
)

const AskUrl = ({ onCreated }: { readonly onCreated: (id: string) => void }) => {
  const [url, setUrl] = useState("")
  const create = useMutation({
    mutationFn: (target: string) => call("monitors", "create", { payload: { url: target } }),
    onSuccess: ({ id }) => {
      onCreated(id)
      void queryClient.invalidateQueries({ queryKey: summariesQuery.queryKey })
    },
  })
  const wrong = issueAt(create.error, "url")
  return (
    <>
      <h1>What shall we watch?</h1>
      <p className="muted">Give the address of a site or an API. Its first check starts at once, from every region.</p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate(addressOf(url))
        }}
      >
        <TextField
          label="URL"
          name="url"
          inputMode="url"
          placeholder="https://example.com"
          autoComplete="url"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
          maxLength={2_048}
          value={url}
          onChange={(event) => setUrl(event.target.value)}
          wrong={wrong}
          hint="Also tcp://, icmp://, dns://, tls://, wss:// and more."
        />
        {wrong === undefined && <FailureNotice error={create.error} />}
        <Button tone="primary" type="submit" busy={create.isPending} className="wide">
          Start watching
        </Button>
      </form>
    </>
  )
}

const FirstCheck = ({ id, onDone }: { readonly id: string; readonly onDone: () => void }) => {
  const monitor = useQuery(monitorQuery(id))
  // Events bring it, too; this is for where there is no stream of them.
  const latest = useQuery({
    ...latestQuery(id),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.locations.length === 0 ? 700 : 2_000),
  })
  const locations = latest.data?.locations ?? []
  return (
    <>
      <h1>{locations.length === 0 ? "Checking for the first time …" : "The first check is in"}</h1>
      <p className="muted clip">{monitor.data === undefined ? "" : shortUrl(monitor.data.url)}</p>
      <div className="card first-check" role="status" aria-busy={locations.length === 0}>
        {locations.length === 0 ? (
          <p className="row muted">
            <span className="spinner" />
            Usually within a second or two
          </p>
        ) : (
          <ul className="stack">
            {locations.map(({ location, latest: result }) => (
              <li key={location} className="spread">
                <strong>{location}</strong>
                <span className="row">
                  <span className="muted">{duration(result.responseTimeMs)}</span>
                  <StatusBadge status={result.status} />
                </span>
                {result.error !== null && <p className="small muted">{result.error.message}</p>}
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="row">
        <Link to="/monitors/$id" params={{ id }} className={buttonClass("primary")}>
          <Icon name="activity" />
          See the monitor
        </Link>
        <Button onClick={onDone}>To the list</Button>
      </div>
    </>
  )
}
