/**
 * The token in a push URL of Uptime Kuma's that somebody pastes; any other text is taken for the token itself, without blanks
 * around it. Empty for nothing.
 */
export const tokenIn = (text: string): string => /\/api\/push\/([^/?#\s]+)/.exec(text)?.[1] ?? text.trim()

/** The id in a ping URL of Healthchecks' that somebody pastes; any other text is taken for the id itself. */
export const pingIdIn = (text: string): string =>
  /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i.exec(text)?.[0].toLowerCase() ?? text.trim()
