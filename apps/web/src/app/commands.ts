import type { IconName } from "../ui/Icon.tsx"

/**
 * What the command palette offers beside the pages of the navigation: the things that can be made, each by the page that
 * makes it, and pages below one of the navigation. With a `key` it is done by that key on every page.
 */
export const commands = [
  { to: "/monitors/new", label: "New monitor", icon: "plus", key: "n" },
  { to: "/maintenance/new", label: "New maintenance", icon: "plus" },
  { to: "/channels/new", label: "New channel", icon: "plus" },
  { to: "/channels/escalations", label: "Go to escalations", icon: "stairs" },
  { to: "/channels/escalations/new", label: "New escalation", icon: "plus" },
] as const satisfies ReadonlyArray<{
  readonly to: string
  readonly label: string
  readonly icon: IconName
  readonly key?: string
}>
