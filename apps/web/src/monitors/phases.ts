/** The parts of a check's time, in their order. */
export const phaseNames = ["dns", "connect", "tls", "firstByte", "transfer"] as const
export type PhaseName = (typeof phaseNames)[number]

/** What each is called where people read it. */
export const phaseTexts: Readonly<Record<PhaseName, string>> = {
  dns: "DNS",
  connect: "Connect",
  tls: "TLS",
  firstByte: "First byte",
  transfer: "Transfer",
}
