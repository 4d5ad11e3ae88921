import { PublicPage } from "@uptime/statuspage/PublicPage"
import { Arbitrary, FastCheck as fc } from "effect"

/** Text that tries to leave the place it is put in. */
export const hostile = `"><script>alert(1)</script>' onload='x' </style></title>]]><!--&lt; \u0000\ud800{title}{names}`

/** Any page that may be stored, with any text. */
export const anyPage = Arbitrary.make(PublicPage).map((page) => ({ ...page, timeZone: "Europe/Berlin" }))

const replaced = (value: unknown, text: string): unknown => {
  if (Array.isArray(value)) return value.map((one) => replaced(one, text))
  if (value === null || typeof value !== "object") return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      freeText.has(name) && typeof one === "string" && one !== "" ? text : replaced(one, text),
    ]),
  )
}

const freeText = new Set(["title", "description", "name", "body", "hash", "customCss", "slug"])

const isPage = (value: unknown): value is PublicPage => value !== null

/** A page with all that people may type replaced by one text. */
export const withText = (page: PublicPage, text: string): PublicPage => {
  const other = replaced(page, text)
  if (!isPage(other)) throw new Error("not a page")
  return other
}

/** The six languages. */
export const languages = ["en", "de", "fr", "es", "pt-BR", "ja"] as const
export const anyLanguage = fc.constantFrom(...languages)

/** The elements of a document in their order: what text must never change. */
export const elementsOf = (document: string): ReadonlyArray<string> =>
  [...document.matchAll(/<\/?[a-zA-Z!?][a-zA-Z0-9:-]*/g)].map(([tag]) => tag)
