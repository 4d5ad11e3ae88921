import { useInfiniteQuery } from "@tanstack/react-query"
import { useState } from "react"
import { failureText } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { queryClient } from "../api/queryClient.ts"
import { Button } from "../ui/Button.tsx"
import { Empty, ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { counted } from "../ui/format.ts"
import { RelativeTime } from "../ui/RelativeTime.tsx"
import { showToast } from "../ui/Toasts.tsx"
import { type StatusPage, type Subscriber, subscribersQuery } from "./queries.ts"

/** Who is told by a page. One that is removed is told nothing more, once the time to take it back has passed. */
export const SubscribersPart = ({ page }: { readonly page: StatusPage }) => {
  const query = subscribersQuery(page.id)
  const subscribers = useInfiniteQuery(query)
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set())
  const without = (id: string) => setLeaving((now) => new Set([...now].filter((each) => each !== id)))
  const remove = ({ address, id }: Subscriber) => {
    setLeaving((now) => new Set([...now, id]))
    showToast({
      text: `Removed ${address}`,
      undo: () => without(id),
      onGone: () => {
        void call("statusPages", "removeSubscriber", { path: { id: page.id, subscriberId: id }, keepalive: true })
          .catch((error: unknown) => showToast({ text: failureText(error) }))
          .then(() => queryClient.invalidateQueries({ queryKey: query.queryKey }))
          .then(() => without(id))
      },
    })
  }
  if (subscribers.isPending) {
    return (
      <Loading>
        <div className="card">
          <Skeleton height={120} />
        </div>
      </Loading>
    )
  }
  if (subscribers.data === undefined) {
    return <ErrorState error={subscribers.error} onRetry={() => void subscribers.refetch()} />
  }
  const items = subscribers.data.pages.flatMap((each) => each.items).filter(({ id }) => !leaving.has(id))
  if (items.length === 0) {
    return (
      <div className="card">
        <Empty icon="user" title="Nobody has subscribed yet">
          Visitors subscribe on the page: by email, where this installation has a mail server, and by RSS, Atom or JSON
          feed, which need no list.
        </Empty>
      </div>
    )
  }
  const confirmed = items.filter(({ confirmedAt, goneAt }) => confirmedAt !== null && goneAt === null).length
  return (
    <section className="card stack" aria-labelledby="page-subscribers">
      <div className="spread">
        <h2 id="page-subscribers">Subscribers</h2>
        <span className="muted small">
          {counted(items.length, "address", "addresses")}
          {subscribers.hasNextPage ? " and more" : ""}, {confirmed} confirmed
        </span>
      </div>
      <ul className="subscriber-list">
        {items.map((subscriber) => (
          <li key={subscriber.id}>
            <div className="subscriber-text">
              <span className="clip">{subscriber.address}</span>
              <span className="muted small">
                {subscriber.kind === "email" ? "Email" : "Webhook"},{" "}
                {subscriber.goneAt !== null ? (
                  <>
                    ended <RelativeTime at={subscriber.goneAt} />: it answered 410 Gone
                  </>
                ) : subscriber.confirmedAt === null ? (
                  <>
                    not confirmed, asked <RelativeTime at={subscriber.createdAt} />
                  </>
                ) : (
                  <>
                    since <RelativeTime at={subscriber.confirmedAt} />
                  </>
                )}
              </span>
            </div>
            <Button className="small" onClick={() => remove(subscriber)}>
              Remove
              <span className="visually-hidden"> {subscriber.address}</span>
            </Button>
          </li>
        ))}
      </ul>
      {subscribers.hasNextPage && (
        <Button busy={subscribers.isFetchingNextPage} onClick={() => void subscribers.fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  )
}
