import { useSyncExternalStore } from "react"

/** What a person may choose: a theme, or the system's. */
export type Theme = "light" | "dark" | "system"

const listeners = new Set<() => void>()

const chosen = (): Theme => {
  const theme = document.documentElement.dataset["theme"]
  return theme === "light" || theme === "dark" ? theme : "system"
}

/** Takes a theme and remembers it; `public/early.js` sets it before the first paint of the next visit. */
export const setTheme = (theme: Theme): void => {
  if (theme === "system") delete document.documentElement.dataset["theme"]
  else document.documentElement.dataset["theme"] = theme
  try {
    if (theme === "system") localStorage.removeItem("theme")
    else localStorage.setItem("theme", theme)
  } catch {
    // Without storage it holds until the page is left.
  }
  for (const listener of listeners) listener()
}

/** The theme that is chosen. */
export const useTheme = (): Theme =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, chosen)
