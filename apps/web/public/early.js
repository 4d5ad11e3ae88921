// What must not wait for the dashboard itself. The theme, so that no page flashes in the other one (`src/app/theme.ts` keeps what
// is remembered here), and what the first view asks for, so that it comes while the scripts do.
try {
  const theme = localStorage.getItem("theme")
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme
} catch {
  // Without storage the system's theme it is.
}
if (!/^\/(?:login|signup)$/.test(location.pathname)) {
  for (const href of ["/api/auth/me", "/api/monitor/summaries"]) {
    const link = document.createElement("link")
    Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href })
    document.head.append(link)
  }
}
