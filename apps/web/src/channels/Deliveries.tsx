import { useInfiniteQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { Button } from "../ui/Button.tsx"
import { Empty, ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { counted } from "../ui/format.ts"
import { RelativeTime } from "../ui/RelativeTime.tsx"
import { DeliveryBadge } from "./DeliveryBadge.tsx"
import { changeText, type Delivery, fateOf } from "./deliveryWords.ts"
import { deliveriesQuery } from "./queries.ts"

/** What was sent to a channel, waits, or could not be delivered; newest first. */
export const Deliveries = ({ channelId }: { readonly channelId: string }) => {
  const deliveries = useInfiniteQuery(deliveriesQuery(channelId))
  const items = deliveries.data?.pages.flatMap((page) => page.items)
  return (
    <section className="stack" aria-labelledby="deliveries-title">
      <h2 id="deliveries-title">Messages</h2>
      {items === undefined ? (
        deliveries.isPending ? (
          <Loading>
            <div className="card">
              <Skeleton height={120} />
            </div>
          </Loading>
        ) : (
          <ErrorState error={deliveries.error} heading="h3" onRetry={() => void deliveries.refetch()} />
        )
      ) : items.length === 0 ? (
        <Empty icon="send" title="Nothing was sent yet" heading="h3">
          What it is told of incidents is listed here, with how it went. Tests are not.
        </Empty>
      ) : (
        <ol className="deliveries" aria-label="Messages">
          {items.map((delivery) => (
            <li key={`${delivery.incidentId} ${delivery.change}`}>
              <DeliveryRow delivery={delivery} />
            </li>
          ))}
        </ol>
      )}
      {deliveries.hasNextPage && (
        <Button className="more" busy={deliveries.isFetchingNextPage} onClick={() => void deliveries.fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  )
}

const DeliveryRow = ({ delivery }: { readonly delivery: Delivery }) => {
  const fate = fateOf(delivery)
  return (
    <article className="delivery">
      <DeliveryBadge delivery={delivery} />
      <div className="what">
        <h3>
          <Link to="/incidents/$id" params={{ id: delivery.incidentId }}>
            {changeText(delivery.change)}
          </Link>
        </h3>
        {delivery.lastError !== null && fate !== "sent" && <p className="small why">{delivery.lastError}</p>}
      </div>
      <p className="small muted when">
        {fate === "sent" && delivery.sentAt !== null && <RelativeTime at={delivery.sentAt} />}
        {fate === "waiting" && (
          <>
            Due <RelativeTime at={delivery.dueAt} />
          </>
        )}
        {fate === "retrying" && (
          <>
            {counted(delivery.attempts, "try", "tries")}, next{" "}
            <RelativeTime at={delivery.nextTryAt ?? delivery.dueAt} />
          </>
        )}
        {fate === "dead" && (
          <>
            Given up after {counted(delivery.attempts, "try", "tries")}, <RelativeTime at={delivery.at} />
          </>
        )}
      </p>
    </article>
  )
}
