import type { Channel } from "./form.ts"
import { unreached } from "./recipientWords.ts"
import { quietText } from "./summary.ts"

/** What is special about a channel, each in a word. */
export const ChannelFlags = ({ channel }: { readonly channel: Channel }) => {
  const quiet = quietText(channel)
  const waiting = unreached(channel)
  return (
    <>
      {!channel.enabled && <span className="flag off">Off</span>}
      {waiting > 0 && <span className="flag waits">{waiting === 1 ? "1 is" : `${waiting} are`} not confirmed</span>}
      {channel.isDefault && <span className="flag default">Default</span>}
      {quiet !== null && (
        <span className="flag">
          <span className="visually-hidden">Quiet hours: </span>
          Quiet {quiet.split(",")[0]}
        </span>
      )}
    </>
  )
}
