import { useMutation } from "@tanstack/react-query"
import { failureText } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { Button } from "../ui/Button.tsx"
import { StatusIcon } from "../ui/StatusIcon.tsx"
import { showToast } from "../ui/Toasts.tsx"
import type { Channel } from "./form.ts"
import { channelsChanged } from "./queries.ts"
import { recipientWords } from "./recipientWords.ts"

type Recipient = Channel["recipients"][number]

/** Whom a channel sends emails, and whether they want them; nothing for channels that send none. */
export const Recipients = ({ channel }: { readonly channel: Channel }) =>
  channel.recipients.length === 0 ? null : (
    <section className="stack" aria-labelledby="recipients-title">
      <h2 id="recipients-title">Recipients</h2>
      <ul className="recipients">
        {channel.recipients.map((recipient) => (
          <li key={recipient.address}>
            <RecipientRow channelId={channel.id} recipient={recipient} />
          </li>
        ))}
      </ul>
    </section>
  )

const RecipientRow = ({ channelId, recipient }: { readonly channelId: string; readonly recipient: Recipient }) => {
  const { address, state } = recipient
  const { canBeAsked, says, status, word } = recipientWords[state]
  const ask = useMutation({
    mutationFn: () => call("channels", "askRecipient", { path: { id: channelId }, payload: { address } }),
    onSuccess: ({ delivered, message }) => {
      showToast({
        text: delivered
          ? `Asked ${address} to confirm`
          : `The question was not delivered: ${message ?? "no reason given"}`,
      })
      void channelsChanged()
    },
    onError: (error) => showToast({ text: failureText(error) }),
  })
  return (
    <article className="recipient">
      <span className={`status-badge status-${status}`}>
        <StatusIcon status={status} />
        {word}
      </span>
      <div className="what">
        <h3 className="clip">{address}</h3>
        <p className="small muted">{says}</p>
      </div>
      {canBeAsked && (
        <Button className="small" busy={ask.isPending} onClick={() => ask.mutate()}>
          {state === "awaiting" ? "Resend" : "Ask to confirm"}
          <span className="visually-hidden"> {address}</span>
        </Button>
      )}
    </article>
  )
}
