import { Link } from "@tanstack/react-router"
import { RelativeTime } from "../ui/RelativeTime.tsx"
import { ChannelFlags } from "./ChannelFlags.tsx"
import { ChannelMark } from "./ChannelMark.tsx"
import { DeliveryBadge } from "./DeliveryBadge.tsx"
import type { Delivery } from "./deliveryWords.ts"
import type { Channel } from "./form.ts"
import { targetText } from "./summary.ts"

/**
 * A channel in the list.
 *
 * @param latest the newest message to it; null when there was none, undefined while that is not known
 */
export const ChannelRow = ({
  channel,
  latest,
}: {
  readonly channel: Channel
  readonly latest: Delivery | null | undefined
}) => (
  <article className={`list-row channel-row ${channel.enabled ? "" : "is-off"}`}>
    <ChannelMark kind={channel.config.kind} />
    <div className="what">
      <h2 className="clip">
        <Link to="/channels/$id" params={{ id: channel.id }} className="row-link">
          {channel.name}
        </Link>
      </h2>
      <p className="small muted clip">{targetText(channel.config)}</p>
    </div>
    <p className="flags">
      <ChannelFlags channel={channel} />
    </p>
    <div className="latest small">
      {latest === null && <span className="muted">Nothing sent yet</span>}
      {latest !== null && latest !== undefined && (
        <>
          <DeliveryBadge delivery={latest} />
          <span className="muted">
            <RelativeTime at={latest.sentAt ?? latest.at} />
          </span>
          {latest.state !== "sent" && latest.lastError !== null && (
            <span className="muted clip why" title={latest.lastError}>
              {latest.lastError}
            </span>
          )}
        </>
      )}
    </div>
  </article>
)
