import { counted } from "../ui/format.ts"
import { Icon, type IconName } from "../ui/Icon.tsx"
import { RelativeTime } from "../ui/RelativeTime.tsx"
import type { IncidentDetail } from "./queries.ts"
import { changeText, deliveryText, type TimelineEntry, timelineOf, updateTitle } from "./timeline.ts"

const icons: Readonly<Record<IncidentDetail["updates"][number]["kind"], IconName>> = {
  opened: "alert",
  grown: "alert",
  acknowledged: "user",
  comment: "edit",
  update: "megaphone",
  flapping: "activity",
  resolved: "check",
  postmortem: "book",
}

/** What happened to an incident, what was written, and whom it was told; newest first. */
export const Timeline = ({ incident }: { readonly incident: IncidentDetail }) => (
  <ol className="timeline" aria-label="What happened, newest first">
    {timelineOf(incident).map((entry) => (
      <li key={entry.key} className={`timeline-entry ${entry.kind === "told" ? "told" : entry.update.kind}`}>
        {entry.kind === "told" ? <Told entry={entry} /> : <Update entry={entry} />}
      </li>
    ))}
  </ol>
)

const Update = ({ entry: { update } }: { readonly entry: Extract<TimelineEntry, { readonly kind: "update" }> }) => (
  <>
    <span className="mark">
      <Icon name={icons[update.kind]} size={14} />
    </span>
    <div className="head">
      <div className="title">
        <h3>{updateTitle(update)}</h3>
        {update.isPublic && <span className="public-mark">Public</span>}
      </div>
      <span className="when small muted">
        <RelativeTime at={update.at} />
      </span>
    </div>
    {update.kind !== "acknowledged" && <p className="body">{update.body}</p>}
  </>
)

const Told = ({
  entry: { at, change, deliveries },
}: {
  readonly entry: Extract<TimelineEntry, { readonly kind: "told" }>
}) => {
  const dead = deliveries.filter(({ state }) => state === "dead").length
  return (
    <>
      <span className="mark">
        <Icon name="send" size={14} />
      </span>
      <details open={dead > 0}>
        <summary>
          <span>
            {counted(deliveries.length, "channel")} told {changeText(change)}
            {dead > 0 && <strong className="status-Down dead"> · {dead} not delivered</strong>}
          </span>
          <span className="when small muted">
            <RelativeTime at={new Date(at).toISOString()} />
          </span>
        </summary>
        <ul className="deliveries small">
          {deliveries.map((delivery) => (
            <li key={delivery.channelId}>
              <span className="clip">
                {delivery.channelName}
                {delivery.isChannelDeleted && <span className="muted"> (deleted)</span>}
              </span>
              <span className={delivery.state === "dead" ? "status-Down dead" : "muted"}>{deliveryText(delivery)}</span>
              {delivery.sentAt !== null && (
                <span className="muted">
                  <RelativeTime at={delivery.sentAt} />
                </span>
              )}
              {delivery.state !== "sent" && delivery.lastError !== null && (
                <span className="muted why">{delivery.lastError}</span>
              )}
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}
