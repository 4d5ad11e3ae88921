import type { Request } from "../api/call.ts"
import type { StatusPage } from "./queries.ts"
import { type PageSection, sectionsOf, sentSections } from "./sections.ts"

/** What the form of a page holds: texts as they are typed. */
export interface Draft {
  readonly title: string
  readonly slug: string
  /** Empty for none. */
  readonly domain: string
  readonly description: string
  readonly language: StatusPage["language"]
  readonly timeZone: string
  readonly accent: string
  readonly customCss: string
  readonly visibility: StatusPage["visibility"]
  /** Empty for the one that is set already. */
  readonly password: string
  /** Addresses and ranges, one a line. */
  readonly ranges: string
  readonly noindex: boolean
  readonly showsResponse: boolean
  readonly showsRegions: boolean
  readonly sections: ReadonlyArray<PageSection>
}

/** The form of a page as it is stored. */
export const draftOf = (page: StatusPage): Draft => ({
  title: page.title,
  slug: page.slug,
  domain: page.domain ?? "",
  description: page.description,
  language: page.language,
  timeZone: page.timeZone,
  accent: page.accent,
  customCss: page.customCss,
  visibility: page.visibility,
  password: "",
  ranges: page.allowedRanges.join("\n"),
  noindex: page.noindex,
  showsResponse: page.showsResponse,
  showsRegions: page.showsRegions,
  sections: sectionsOf(page.sections),
})

type Changes = NonNullable<Request<"statusPages", "edit">["payload"]>

/** What of the stored page a form changes; nothing where it says the same. */
export const changesOf = (page: StatusPage, draft: Draft): Changes => {
  const before = sentForm(draftOf(page))
  const after = sentForm(draft)
  return {
    ...changed(before, after),
    ...(draft.password === "" ? {} : { password: draft.password }),
  }
}

/** Whether a form changes anything. */
export const isChanged = (page: StatusPage, draft: Draft): boolean => Object.keys(changesOf(page, draft)).length > 0

/** What the api takes for what stands in a form, but for the password. */
const sentForm = ({ domain, password: _, ranges, sections, slug, title, ...rest }: Draft) => ({
  ...rest,
  title: title.trim(),
  slug: slug.trim().toLowerCase(),
  domain: domain.trim() === "" ? null : domain.trim().toLowerCase(),
  allowedRanges: linesOf(ranges),
  sections: sentSections(sections),
})

const changed = <T extends object>(before: T, after: T): Partial<T> => {
  const next: Partial<T> = {}
  for (const key in after) if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) next[key] = after[key]
  return next
}

/** The lines of a text that hold something. */
const linesOf = (text: string): ReadonlyArray<string> =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== "")

/** A slug made of a title: small letters, digits and hyphens, at most 63; empty where nothing of it is left. */
export const slugOf = (title: string): string =>
  title
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, "")
