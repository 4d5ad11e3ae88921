import { Schema } from "effect"

/**
 * Whether an address is sent emails: `own`, that of the account itself, and `confirmed` are. `awaiting`: it was asked whether
 * it wants them, and may confirm for seven days. `unconfirmed`: it was not asked, or did not answer in time. `refused`: it
 * wants none, and cannot be asked by the same account for 30 days.
 */
export const RecipientState = Schema.Literal("own", "confirmed", "awaiting", "unconfirmed", "refused").annotations({
  identifier: "RecipientState",
})
export type RecipientState = typeof RecipientState.Type

/** Somebody whom a channel sends emails through the installation's own mail server. */
export const Recipient = Schema.Struct({ address: Schema.String, state: RecipientState }).annotations({
  identifier: "Recipient",
})
export type Recipient = typeof Recipient.Type
