import { Schema } from "effect"

/** The id under which the public knows a monitor of one page: it says nothing of the monitor, and stays when the page is edited. */
export const PublicId = Schema.String.pipe(Schema.pattern(/^[A-Za-z0-9_-]{12}$/)).annotations({
  identifier: "PublicId",
})
export type PublicId = typeof PublicId.Type

/** The media types that a logo may be of. SVG is not one: it can hold scripts, and what can be in it is open-ended. */
export const LogoType = Schema.Literal("image/png", "image/jpeg", "image/webp").annotations({ identifier: "LogoType" })
export type LogoType = typeof LogoType.Type

/** The languages that pages are written in, as BCP 47 names them. */
export const PageLanguage = Schema.Literal("en", "de", "fr", "es", "pt-BR", "ja").annotations({
  identifier: "PageLanguage",
})
export type PageLanguage = typeof PageLanguage.Type
