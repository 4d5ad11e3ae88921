import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import type { ServedPage } from "@uptime/persistence/PublicPages"
import { Redacted } from "effect"

/** What of a page its password opens. */
type LockedPage = Pick<ServedPage, "id" | "passwordHash">

/** How long a password that was given is good for, in seconds. */
export const accessSeconds = 7 * 86_400

/** The key of one purpose, made of the installation's secret: what is signed for one is worth nothing for another. */
export const signingKey = (secret: Redacted.Redacted, purpose: string): Buffer =>
  createHmac("sha256", Redacted.value(secret)).update(`status-pages:${purpose}`).digest()

/** The name of the cookie that says that a page's password was given. */
export const accessCookieName = ({ id }: Pick<ServedPage, "id">): string =>
  `page-${createHash("sha256").update(id).digest("hex").slice(0, 12)}`

/**
 * The value of that cookie: until when, and a signature over that, the page and its password's hash, so that a new password
 * ends it.
 *
 * @param expiresAt seconds since the epoch
 */
export const accessToken = (key: Buffer, page: LockedPage, expiresAt: number): string =>
  `${expiresAt}.${createHmac("sha256", key).update(`${page.id}:${page.passwordHash}:${expiresAt}`).digest("base64url")}`

/**
 * Whether a request brings such a cookie, and it is good still.
 *
 * @param cookies the header `cookie`
 * @param now seconds since the epoch
 */
export const hasAccess = (key: Buffer, page: LockedPage, cookies: string | undefined, now: number): boolean => {
  const name = accessCookieName(page)
  return (cookies ?? "").split(";").some((cookie) => {
    const [found, value = ""] = cookie.trim().split("=", 2)
    if (found !== name) return false
    const expiresAt = Number(/^(\d{1,12})\./.exec(value)?.[1])
    return expiresAt > now && isSame(value, accessToken(key, page, expiresAt))
  })
}

/** Whether two texts are the same, in a time that tells nothing of where they differ. */
export const isSame = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
