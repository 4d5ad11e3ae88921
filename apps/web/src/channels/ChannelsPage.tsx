import { useQuery } from "@tanstack/react-query"
import { ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"
import { ChannelRow } from "./ChannelRow.tsx"
import { ChannelsLayout } from "./ChannelsLayout.tsx"
import { FirstChannel } from "./FirstChannel.tsx"
import { channelsQuery, latestDeliveriesQuery } from "./queries.ts"

/** Where people are told. */
export const ChannelsPage = () => (
  <ChannelsLayout title="Channels" add="New channel" addTo="/channels/new">
    <ChannelList />
  </ChannelsLayout>
)

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
      <ul className="list-card" aria-label="Channels">
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
    <div className="list-card">
      {Array.from({ length: 4 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all are the same
        <div key={index} className="list-row channel-row">
          <Skeleton width={36} height={36} />
          <Skeleton width="60%" />
          <Skeleton width={72} />
          <Skeleton width="70%" />
        </div>
      ))}
    </div>
  </Loading>
)
