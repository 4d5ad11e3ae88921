import { Link, Outlet, useNavigate } from "@tanstack/react-router"
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from "react"
import { liveState, startLive } from "../api/eventStream.ts"
import { onSessionEnded, queryClient } from "../api/queryClient.ts"
import { Button } from "../ui/Button.tsx"
import { Icon } from "../ui/Icon.tsx"
import { settleToasts } from "../ui/Toasts.tsx"
import { AccountMenu } from "./AccountMenu.tsx"
import { commands } from "./commands.ts"
import { Logo } from "./Logo.tsx"
import { MainNavigation } from "./MainNavigation.tsx"
import { navigation } from "./navigation.ts"
import { useShortcuts } from "./useShortcuts.ts"

const loadPalette = () => import("./Palette.tsx")
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }))

/** When the palette is fetched, in milliseconds after the first view: whoever opens it types at once. */
const paletteAfter = 1_000

const ShortcutHelp = lazy(async () => ({ default: (await import("./ShortcutHelp.tsx")).ShortcutHelp }))

const stateWords = {
  live: "Live",
  connecting: "Connecting …",
  polling: "Every 10 s",
} as const

/** Whether news come at once. */
const LiveIndicator = () => {
  const state = useSyncExternalStore(liveState.subscribe, liveState.get)
  return (
    <span className={`live-indicator ${state}`} role="status">
      {stateWords[state]}
    </span>
  )
}

/** What surrounds every page: the navigation, the palette, the shortcuts, and the stream of news. */
export const Layout = () => {
  const [open, setOpen] = useState<"palette" | "help" | null>(null)
  const navigate = useNavigate()
  useEffect(() => startLive(queryClient), [])
  useEffect(() => {
    // What cannot be had ahead of time is loaded once it is asked for.
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), paletteAfter)
    return () => clearTimeout(timer)
  }, [])
  useEffect(
    () =>
      onSessionEnded(() => {
        queryClient.clear()
        void navigate({ to: "/login", search: { back: window.location.pathname + window.location.search } })
      }),
    [navigate],
  )
  useEffect(() => {
    window.addEventListener("pagehide", settleToasts)
    return () => window.removeEventListener("pagehide", settleToasts)
  }, [])
  useShortcuts({
    palette: () => setOpen("palette"),
    help: () => setOpen("help"),
    go: (key) => {
      const page = navigation.find((each) => each.key === key)
      if (page !== undefined) void navigate({ to: page.to })
    },
    run: (key) => {
      const command = commands.find((each) => "key" in each && each.key === key)
      if (command !== undefined) void navigate({ to: command.to })
      return command !== undefined
    },
  })
  const close = () => setOpen(null)
  return (
    <div className="layout">
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <header className="sidebar">
        <Link to="/" className="brand">
          <Logo />
          Uptime
        </Link>
        <Button tone="quiet" className="palette-button" onClick={() => setOpen("palette")}>
          <Icon name="search" />
          <span className="only-wide">Search</span>
          <kbd className="only-wide">Ctrl K</kbd>
          <span className="visually-hidden">Open the command palette</span>
        </Button>
        <MainNavigation />
        <div className="sidebar-end">
          <LiveIndicator />
          <AccountMenu onHelp={() => setOpen("help")} />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <Suspense>
        {open === "palette" && <Palette onClose={close} onHelp={() => setOpen("help")} />}
        {open === "help" && <ShortcutHelp onClose={close} />}
      </Suspense>
    </div>
  )
}
