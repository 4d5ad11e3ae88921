import type { IconName } from "../ui/Icon.tsx"

/** The pages that the navigation leads to; `key` after `g` goes there from the keyboard. */
export const navigation = [
  { to: "/", label: "Monitors", icon: "activity", key: "m" },
  { to: "/incidents", label: "Incidents", icon: "alert", key: "i" },
  { to: "/maintenance", label: "Maintenance", icon: "calendar", key: "w" },
  { to: "/status-pages", label: "Status pages", icon: "globe", key: "s" },
  { to: "/channels", label: "Channels", icon: "bell", key: "c" },
  { to: "/tags", label: "Tags", icon: "tag", key: "t" },
  { to: "/settings", label: "Settings", icon: "settings", key: "e" },
] as const satisfies ReadonlyArray<{
  readonly to: string
  readonly label: string
  readonly icon: IconName
  readonly key: string
}>
