import { useMutation, useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { failureText } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { meQuery } from "../api/queries.ts"
import { queryClient } from "../api/queryClient.ts"
import { Icon } from "../ui/Icon.tsx"
import { Menu } from "../ui/Menu.tsx"
import { settleToasts, showToast } from "../ui/Toasts.tsx"
import { setTheme, useTheme } from "./theme.ts"

const themes = [
  { theme: "light", label: "Light theme" },
  { theme: "dark", label: "Dark theme" },
  { theme: "system", label: "System theme" },
] as const

/** The account: the theme, help, and the way out. */
export const AccountMenu = ({ onHelp }: { readonly onHelp: () => void }) => {
  const me = useQuery(meQuery)
  const theme = useTheme()
  const navigate = useNavigate()
  const logout = useMutation({
    mutationKey: ["session"],
    mutationFn: () => {
      settleToasts()
      return call("auth", "logout", {})
    },
    onSuccess: async () => {
      await navigate({ to: "/login" })
      queryClient.clear()
    },
    onError: (error) => showToast({ text: failureText(error) }),
  })
  return (
    <Menu
      label="Account"
      text={<span className="clip only-wide">{me.data?.name ?? "Account"}</span>}
      icon={<Icon name="user" />}
      className="account-button"
      items={[
        ...themes.map((each) => ({
          label: each.label,
          checked: theme === each.theme,
          onSelect: () => setTheme(each.theme),
        })),
        { label: "Keyboard shortcuts", icon: <Icon name="command" />, end: "?", onSelect: onHelp },
        { label: "Log out", icon: <Icon name="out" />, onSelect: () => logout.mutate() },
      ]}
    />
  )
}
