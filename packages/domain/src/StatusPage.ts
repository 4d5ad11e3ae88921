import { Schema } from "effect"

/** The name of a page in its address: 1 to 63 small letters, digits and hyphens, none at its ends. */
export const PageSlug = Schema.String.pipe(
  Schema.pattern(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
    message: () => "a slug is 1 to 63 small letters, digits and hyphens, with no hyphen at its ends",
  }),
).annotations({ identifier: "PageSlug" })

/** A host name of a page's own, in small letters and without a dot at its end (RFC 1123): `status.example.com`. */
export const PageDomain = Schema.String.pipe(
  Schema.maxLength(253),
  Schema.pattern(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,10}[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/, {
    message: () => "must be a host name in small letters, such as status.example.com",
  }),
).annotations({
  identifier: "PageDomain",
  arbitrary: () => (fc) => fc.integer({ min: 1, max: 99_999_999 }).map((n) => `status-${n}.example.com`),
})

/** A colour as `#rrggbb`. */
export const AccentColour = Schema.String.pipe(
  Schema.pattern(/^#[0-9a-fA-F]{6}$/, { message: () => "must be a colour such as #2563eb" }),
).annotations({ identifier: "AccentColour" })

/** Who may look at a page: everybody, who knows its password, or who comes from certain addresses. */
export const PageVisibility = Schema.Literal("public", "password", "addresses").annotations({
  identifier: "PageVisibility",
})
export type PageVisibility = typeof PageVisibility.Type

/** An address or a range of addresses (RFC 4632, RFC 4291): `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`. */
export const AddressRange = Schema.String.pipe(
  Schema.maxLength(50),
  Schema.filter((text) => isAddressRange(text) || "must be an address or a range such as 10.0.0.0/8 or 2001:db8::/32", {
    arbitrary: () => (fc) => fc.constantFrom("192.0.2.7", "10.0.0.0/8", "2001:db8::/32", "::1"),
  }),
).annotations({ identifier: "AddressRange" })

const isAddressRange = (text: string): boolean => {
  const [address = "", bits, ...rest] = text.split("/")
  if (rest.length > 0) return false
  const isV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(address)
  const isV6 = /^[0-9a-fA-F:.]+$/.test(address) && address.includes(":") && URL.canParse(`http://[${address}]/`)
  if (!isV4 && !isV6) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isV4 ? 32 : 128))
}

/** The id under which the public knows a monitor of one page: it says nothing of the monitor, and stays when the page is edited. */
export const PublicId = Schema.String.pipe(Schema.pattern(/^[A-Za-z0-9_-]{12}$/)).annotations({
  identifier: "PublicId",
})
export type PublicId = typeof PublicId.Type

/** The media types that a logo may be of. SVG is not one: it can hold scripts, and what can be in it is open-ended. */
export const LogoType = Schema.Literal("image/png", "image/jpeg", "image/webp").annotations({ identifier: "LogoType" })
export type LogoType = typeof LogoType.Type

/** The largest logo, in bytes. */
export const maxLogoBytes = 200 * 1024

/** The most sections of a page, and the most monitors on it. */
export const maxSections = 50
export const maxPageMonitors = 500

/** The languages that pages are written in, as BCP 47 names them. */
export const PageLanguage = Schema.Literal("en", "de", "fr", "es", "pt-BR", "ja").annotations({
  identifier: "PageLanguage",
})
export type PageLanguage = typeof PageLanguage.Type
