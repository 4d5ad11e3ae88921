import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTitle } from "../app/useTitle.ts"
import { buttonClass } from "../ui/Button.tsx"
import { ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"
import { ChannelRow } from "./ChannelRow.tsx"
import "./channels.css"
import { FirstChannel } from "./FirstChannel.tsx"
import { channelsQuery, latestDeliveriesQuery } from "./queries.ts"
import { SectionTabs } from "./SectionTabs.tsx"

/** Where people are told. */
export const ChannelsPage = () => {
  useTitle("Channels")
  return (
    <div className="stack">
      <div className="spread">
        <h1>Channels</h1>
        <Link to="/channels/new" className={buttonClass("primary")}>
          <Icon name="plus" />
          New channel
        </Link>
      </div>
      <SectionTabs />
      <ChannelList />
    </div>
  )
}

const ChannelList = () => {
  const channels = useQuery(channelsQuery)
  const latest = useQuery(latestDeliveriesQuery)
  if (channels.data === undefined) {
    return channels.isPending ? (
      <ListSkeleton />
    ) : (
      <ErrorState error={channels.error} heading="h2" onRetry={() => void channels.refetch()} />
    )
  }
  if (channels.data.length === 0) return <FirstChannel />
  const nobody = !channels.data.some(({ enabled, isDefault }) => enabled && isDefault)
  return (
    <>
      {nobody && (
        <p className="notice status-Degraded" role="status">
          <Icon name="alert" />
          No channel is on by default: only monitors that name their channels tell anybody.
        </p>
      )}
      <ul className="channel-list" aria-label="Channels">
        {channels.data.map((channel) => (
          <li key={channel.id}>
            <ChannelRow
              channel={channel}
              latest={
                latest.data === undefined
                  ? undefined
                  : (latest.data.find(({ channelId }) => channelId === channel.id) ?? null)
              }
            />
          </li>
        ))}
      </ul>
    </>
  )
}

const ListSkeleton = () => (
  <Loading>
    <div className="channel-list">
      {Array.from({ length: 4 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all are the same
        <div key={index} className="channel-row">
          <Skeleton width={36} height={36} />
          <Skeleton width="60%" />
          <Skeleton width={72} />
          <Skeleton width="70%" />
        </div>
      ))}
    </div>
  </Loading>
)
