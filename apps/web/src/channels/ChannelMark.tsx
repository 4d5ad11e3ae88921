import type { ChannelKind } from "./fields.ts"

/** The letters of a kind's mark, or its outline on 16 × 16. Its hue is in `channels.css`. */
const marks: Readonly<Record<ChannelKind, readonly [letters: string | null, outline?: string]>> = {
  email: [null, "M2 3.5h12v9H2Z M2 4l6 5 6-5"],
  ntfy: ["nt"],
  pushover: ["Po"],
  gotify: ["Go"],
  twilioSms: [null, "M3 2.5h10v8H8l-3 3v-3H3Z M6 6.5h.1 M8 6.5h.1 M10 6.5h.1"],
  slack: ["Sl"],
  discord: ["Di"],
  telegram: ["Te"],
  teams: ["Ms"],
  googleChat: ["GC"],
  mattermost: ["Ma"],
  rocketChat: ["RC"],
  matrix: ["[m]"],
  zulip: ["Zu"],
  pagerduty: ["PD"],
  opsgenie: ["Og"],
  grafanaOnCall: ["OC"],
  alertmanager: ["Am"],
  webhook: [null, "M5.5 3 2 8l3.5 5 M10.5 3 14 8l-3.5 5"],
  homeAssistant: [null, "M2 8 8 2.5 14 8 M4 7v6.5h8V7"],
  apprise: ["Ap"],
}

/** The mark of a kind of channel: a decoration beside its name. */
export const ChannelMark = ({ kind, size = 36 }: { readonly kind: ChannelKind; readonly size?: 24 | 36 | 48 }) => {
  const [letters, outline] = marks[kind]
  return (
    <span className="channel-mark" data-kind={kind} style={{ width: size, height: size }} aria-hidden="true">
      {letters ?? (
        <svg
          viewBox="0 0 16 16"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
          aria-hidden="true"
        >
          <path d={outline} strokeLinejoin="round" />
        </svg>
      )}
    </span>
  )
}
