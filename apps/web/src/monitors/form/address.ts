/** What a person typed as an address, as the api takes it: `example.com` is `https://example.com`. */
export const addressOf = (typed: string): string => {
  const text = typed.trim()
  return text === "" || /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^heartbeat:/i.test(text) ? text : `https://${text}`
}
