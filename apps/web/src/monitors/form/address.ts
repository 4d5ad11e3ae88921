/** An address that names its scheme. */
export const withScheme = /^([a-z][a-z0-9+.-]*):\/\//i

/** What a person typed as an address, as the api takes it: `example.com` is `https://example.com`, unless another scheme is meant. */
export const addressOf = (typed: string, scheme = "https"): string => {
  const text = typed.trim()
  return text === "" || withScheme.test(text) || /^heartbeat:/i.test(text) ? text : `${scheme}://${text}`
}
