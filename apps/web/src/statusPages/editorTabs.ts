/** The parts of a page's editor, in the order of its tabs. */
export const editorTabs = ["content", "look", "access", "address", "subscribers", "embed"] as const
export type EditorTab = (typeof editorTabs)[number]

/** The word on each tab. */
export const tabWords: Readonly<Record<EditorTab, string>> = {
  content: "Content",
  look: "Look",
  access: "Access",
  address: "Address",
  subscribers: "Subscribers",
  embed: "Badges and widget",
}

/** Which tab an address of the editor names. */
export const readEditorSearch = (search: Record<string, unknown>): { readonly tab?: EditorTab } => {
  const tab = editorTabs.find((each) => each === search["tab"])
  return tab === undefined || tab === "content" ? {} : { tab }
}

const tabOfField: Readonly<Record<string, EditorTab>> = {
  title: "content",
  description: "content",
  sections: "content",
  showsResponse: "content",
  showsRegions: "content",
  language: "look",
  timeZone: "look",
  accent: "look",
  customCss: "look",
  visibility: "access",
  password: "access",
  allowedRanges: "access",
  noindex: "access",
  slug: "address",
  domain: "address",
}

/** The tab on which a field of the api's is; the first one for what is on none. */
export const tabOf = (field: string | number | undefined): EditorTab => tabOfField[String(field)] ?? "content"
