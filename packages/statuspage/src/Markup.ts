/** Text of HTML or XML that is known to be well-formed: whatever was put into it is escaped. Made by `markup` alone. */
export class Markup {
  readonly #text: string

  constructor(strings: ReadonlyArray<string>, parts: ReadonlyArray<MarkupPart>) {
    let text = strings[0] ?? ""
    for (let i = 0; i < parts.length; i++) text += written(parts[i]) + (strings[i + 1] ?? "")
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** What can be put into markup. Null, undefined and false are nothing; strings and numbers are escaped. */
export type MarkupPart = string | number | Markup | null | undefined | false | ReadonlyArray<MarkupPart>

/**
 * Markup from a template. What is put in is text, between elements or within a quoted attribute, in HTML and XML alike;
 * the template itself must quote its attributes, and put nothing into tag names, scripts and style sheets.
 */
export const markup = (strings: TemplateStringsArray, ...parts: ReadonlyArray<MarkupPart>): Markup =>
  new Markup(strings, parts)

/** A `style` element; style sheets are not escaped, and what would end the element is taken apart. */
export const styleElement = (css: string): Markup => new Markup([`<style>${css.replaceAll("</", "<\\/")}</style>`], [])

/** A text as a string of a style sheet (CSS Syntax 3, 4.3.5). */
export const cssString = (text: string): string =>
  `"${text.replaceAll(/["\\<\p{Cc}]/gu, (character) => `\\${character.charCodeAt(0).toString(16)} `)}"`

/** An XML declaration and a document. */
export const xmlDocument = (root: Markup): string => `<?xml version="1.0" encoding="utf-8"?>\n${root}\n`

const written = (part: MarkupPart): string => {
  if (part === null || part === undefined || part === false) return ""
  if (part instanceof Markup) return part.toString()
  if (typeof part === "object") {
    let text = ""
    for (const one of part) text += written(one)
    return text
  }
  return escaped(String(part))
}

const names: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
}

/** Text with what would be read as markup escaped, and what no XML document can hold (XML 1.0, 2.2) replaced. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a document
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, "\ufffd")
    .replaceAll(/[&<>"'`]/g, (character) => names[character] ?? "")
