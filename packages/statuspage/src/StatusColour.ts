import type { PublicStatus } from "./PublicPage.ts"

/** The colour of a status in pictures and mails: white can be read on it, and it can be read on white. */
export const statusColour: Readonly<Record<PublicStatus, string>> = {
  Up: "#157a45",
  Degraded: "#8a6100",
  Partial: "#b04a08",
  Down: "#c4202d",
  Maintenance: "#2358c4",
  Unknown: "#59616d",
}
