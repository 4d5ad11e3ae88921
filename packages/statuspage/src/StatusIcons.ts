import { type Markup, markup } from "./Markup.ts"
import type { PublicStatus } from "./PublicPage.ts"

/** The class that gives a status its colour, and the id of its icon. */
export const statusClass: Readonly<Record<PublicStatus, string>> = {
  Up: "u",
  Degraded: "g",
  Partial: "p",
  Down: "d",
  Maintenance: "m",
  Unknown: "n",
}

/** All statuses, from worst to best; what is not known comes last. */
export const statusesWorstFirst = ["Down", "Partial", "Degraded", "Maintenance", "Up", "Unknown"] as const

/** The icons of all statuses, each of a shape of its own, to be drawn by `statusIcon`. */
export const statusIcons: Markup = markup`<svg width="0" height="0" aria-hidden="true" class="h"><defs><symbol id="u" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9"/><path d="m6 10.3 2.8 2.7L14 7.4"/></symbol><symbol id="g" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9"/><path d="m5.5 8 4.5 4.5L14.5 8"/></symbol><symbol id="p" viewBox="0 0 20 20"><path class="s" d="M10 2 19 18H1z"/><path d="M10 8v4m0 3v.1"/></symbol><symbol id="d" viewBox="0 0 20 20"><path class="s" d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z"/><path d="m7 7 6 6m0-6-6 6"/></symbol><symbol id="m" viewBox="0 0 20 20"><rect x="1" y="1" width="18" height="18" rx="5"/><path d="M7.5 6.5v7m5-7v7"/></symbol><symbol id="n" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9"/><path d="M6 10h8"/></symbol></defs></svg>`

/** The icon of a status, without words: these stand beside it. */
export const statusIcon = (status: PublicStatus): Markup =>
  markup`<svg class="i" aria-hidden="true"><use href="#${statusClass[status]}"/></svg>`

/** A status as icon and word. */
export const statusTag = (status: PublicStatus, word: string): Markup =>
  markup`<span class="t ${statusClass[status]}">${statusIcon(status)}${word}</span>`
