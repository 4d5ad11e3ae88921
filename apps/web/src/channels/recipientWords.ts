import type { ShownStatus } from "../ui/status.ts"
import type { Channel } from "./form.ts"

type State = Channel["recipients"][number]["state"]

/** What is said of a recipient, with the status whose colour and sign it has, and whether they can be asked again. */
export const recipientWords: Readonly<
  Record<
    State,
    { readonly word: string; readonly status: ShownStatus; readonly says: string; readonly canBeAsked: boolean }
  >
> = {
  own: { word: "Your address", status: "Up", says: "It needs no confirmation.", canBeAsked: false },
  confirmed: { word: "Confirmed", status: "Up", says: "It gets every message.", canBeAsked: false },
  awaiting: {
    word: "Awaiting confirmation",
    status: "Waiting",
    says: "It was sent a link, and gets nothing until it is opened. The link holds for seven days.",
    canBeAsked: true,
  },
  unconfirmed: {
    word: "Not confirmed",
    status: "Degraded",
    says: "It gets nothing: it was not asked, or did not answer in time.",
    canBeAsked: true,
  },
  refused: {
    word: "Refused",
    status: "Down",
    says: "It wants no messages, and cannot be asked again for 30 days.",
    canBeAsked: false,
  },
}

/** How many recipients of a channel get nothing yet. */
export const unreached = ({ recipients }: Pick<Channel, "recipients">): number =>
  recipients.filter(({ state }) => state !== "own" && state !== "confirmed").length
