import { useQuery } from "@tanstack/react-query"
import { Link, useParams } from "@tanstack/react-router"
import { useTitle } from "../app/useTitle.ts"
import { BackLink } from "../ui/BackLink.tsx"
import { buttonClass } from "../ui/Button.tsx"
import { ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"
import { PageHead } from "../ui/PageHead.tsx"
import { ChannelActions } from "./ChannelActions.tsx"
import { ChannelFacts } from "./ChannelFacts.tsx"
import { ChannelFlags } from "./ChannelFlags.tsx"
import { ChannelMark } from "./ChannelMark.tsx"
import { ChannelTest } from "./ChannelTest.tsx"
import "./channels.css"
import { Deliveries } from "./Deliveries.tsx"
import { channelQuery } from "./queries.ts"
import { Recipients } from "./Recipients.tsx"
import { targetText } from "./summary.ts"

/** One channel: whether it works, how it is set up, and what was sent there. */
export const ChannelPage = () => {
  const { id } = useParams({ from: "/inside/channels/$id" })
  const channel = useQuery(channelQuery(id))
  useTitle(channel.data?.name ?? "Channel")
  if (channel.data === undefined) {
    return channel.isPending ? (
      <Loading>
        <div className="stack">
          <Skeleton width={240} height={48} />
          <Skeleton height={96} />
          <Skeleton height={240} />
        </div>
      </Loading>
    ) : (
      <ErrorState error={channel.error} onRetry={() => void channel.refetch()} />
    )
  }
  return (
    <div className="stack">
      <PageHead
        back={<BackLink to="/channels">Channels</BackLink>}
        actions={
          <>
            <Link to="/channels/$id/edit" params={{ id }} className={buttonClass()}>
              <Icon name="edit" />
              Edit
            </Link>
            <ChannelActions channel={channel.data} />
          </>
        }
      >
        <div className="channel-title">
          <ChannelMark kind={channel.data.config.kind} size={48} />
          <div>
            <h1 className="clip">{channel.data.name}</h1>
            <p className="muted clip">{targetText(channel.data.config)}</p>
            <p className="flags">
              <ChannelFlags channel={channel.data} />
            </p>
          </div>
        </div>
      </PageHead>
      <ChannelTest channel={channel.data} />
      <Recipients channel={channel.data} />
      <ChannelFacts channel={channel.data} />
      <Deliveries channelId={id} />
    </div>
  )
}
