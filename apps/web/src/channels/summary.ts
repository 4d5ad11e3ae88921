import { counted } from "../ui/format.ts"
import type { ChannelConfig } from "./fields.ts"
import type { Channel } from "./form.ts"
import { kindOf } from "./kinds.ts"
import { settingAt } from "./settingAt.ts"

/** What tells a channel from others of its kind: an address, a topic; its kind where that is all there is. */
export const targetText = (config: ChannelConfig): string => {
  const { label, shows } = kindOf(config.kind)
  const value = shows === null ? undefined : settingAt(config, shows)
  if (value === undefined) return label
  if (!Array.isArray(value)) return `${label} · ${String(value).replace(/^https?:\/\//, "")}`
  return value.length === 1
    ? `${label} · ${String(value[0])}`
    : `${label} · ${counted(value.length, "address", "addresses")}`
}

/** The daily time in which a channel is left alone; null for none. */
export const quietText = ({ quietHours }: Pick<Channel, "quietHours">): string | null =>
  quietHours === null ? null : `${quietHours.from} to ${quietHours.to}, ${quietHours.timeZone}`
