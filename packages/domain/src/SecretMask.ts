/** What a secret is shown as: it can be written and never read. Sent back in an edit, it keeps the secret as it is. */
export const secretMask = "********"
