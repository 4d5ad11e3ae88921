import { PageLanguage } from "@uptime/domain/StatusPage"

/** How much of a header is looked at, in UTF-16 code units. */
const maxLooked = 200

/** The language of pages that a visitor wants most (RFC 9110, 12.5.4), by its first part; English where there is none. */
export const acceptedLanguage = (header: string | undefined): PageLanguage => {
  const wanted = (header ?? "")
    .slice(0, maxLooked)
    .split(",")
    .flatMap((part) => {
      const [, name, quality = "1"] = /^\s*([a-z]+)[-a-z0-9]*\s*(?:;\s*q=([01](?:\.\d{1,3})?))?\s*$/i.exec(part) ?? []
      return name === undefined || Number(quality) === 0 ? [] : [{ name: name.toLowerCase(), quality: Number(quality) }]
    })
    .sort((one, other) => other.quality - one.quality)
  for (const { name } of wanted) {
    const language = PageLanguage.literals.find((one) => one.split("-")[0] === name)
    if (language !== undefined) return language
  }
  return "en"
}
