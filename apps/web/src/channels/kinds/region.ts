import type { ChannelField } from "../fields.ts"

/** Where an account is, at providers that keep them apart. */
export const region: ChannelField = {
  type: "choice",
  path: "region",
  label: "Where the account is",
  start: "us",
  options: [
    { value: "us", label: "United States" },
    { value: "eu", label: "Europe" },
  ],
}
