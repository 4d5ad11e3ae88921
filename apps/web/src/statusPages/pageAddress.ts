import type { StatusPage } from "./queries.ts"

/** Where a page is, below the address of this installation. */
export const pagePath = (slug: string): string => `/status/${slug}`

/** The address that people are given: the page's own host name, where it has one that is proven. */
export const pageAddress = (page: Pick<StatusPage, "customDomain" | "slug">, origin: string): string =>
  page.customDomain?.state === "proven" ? `https://${page.customDomain.host}` : `${origin}${pagePath(page.slug)}`

/** How a name is pointed at this installation: by an alias where it has a name, else by its address. */
export interface DnsRecord {
  readonly type: "CNAME" | "A" | "AAAA"
  readonly name: string
  readonly value: string
}

/**
 * The record that leads a page's host name here; null where this installation is reached by a name or address that means
 * nothing elsewhere, such as `localhost`.
 *
 * @param domain the page's host name
 * @param host the host of this installation, as a URL writes it
 */
export const dnsRecord = (domain: string, host: string): DnsRecord | null => {
  const name = `${domain}.`
  if (host.startsWith("[")) {
    const value = host.slice(1, -1)
    return /^(?:::1|f[cd]|fe[89ab])/i.test(value) ? null : { type: "AAAA", name, value }
  }
  if (/^[\d.]+$/.test(host)) {
    return /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(host)
      ? null
      : { type: "A", name, value: host }
  }
  return host.includes(".") && !/\.(?:localhost|local|internal|test|example)$/.test(host)
    ? { type: "CNAME", name, value: `${host}.` }
    : null
}
