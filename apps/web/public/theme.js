// Before the first paint, so that a page never flashes in the other theme. `src/app/theme.ts` keeps what is remembered here.
try {
  const theme = localStorage.getItem("theme")
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme
} catch {
  // Without storage the system's theme it is.
}
