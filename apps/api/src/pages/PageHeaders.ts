import { createHash } from "node:crypto"

/** What browsers are told about every part of a page. */
export const partHeaders: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}

/** The same of what other sites show: badges, images, feeds, style sheets. */
export const sharedHeaders: Readonly<Record<string, string>> = {
  ...partHeaders,
  "cross-origin-resource-policy": "cross-origin",
  "access-control-allow-origin": "*",
}

/**
 * The same of a document: it runs nothing, shows what is here alone, and its one style element is let in by its digest.
 *
 * @param ancestors who may frame it
 */
export const documentHeaders = (
  html: string,
  noindex: boolean,
  ancestors: "'none'" | "*" = "'none'",
): Readonly<Record<string, string>> => {
  const [, style] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? []
  const digest = style === undefined ? "" : ` 'sha256-${createHash("sha256").update(style).digest("base64")}'`
  const policy = `default-src 'none'; style-src 'self'${digest}; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors ${ancestors}`
  return {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": policy,
    ...(ancestors === "*"
      ? { "cross-origin-resource-policy": "cross-origin" }
      : { "x-frame-options": "DENY", "cross-origin-opener-policy": "same-origin" }),
    ...(noindex ? { "x-robots-tag": "noindex" } : {}),
  }
}
