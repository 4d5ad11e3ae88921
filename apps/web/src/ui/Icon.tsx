/** The outlines of the icons, drawn on 16 × 16. */
const outlines = {
  activity: "M1.5 8.5h3l2-5 3 9 2-5.5h3",
  alert: "M8 1.8 15 14H1L8 1.8Z M8 6.4v3.4 M8 11.8v.1",
  arrowDown: "M8 3v10 M4 9l4 4 4-4",
  arrowLeft: "M13 8H3 M7 4 3 8l4 4",
  arrowRight: "M3 8h10 M9 4l4 4-4 4",
  arrowUp: "M8 13V3 M4 7l4-4 4 4",
  bell: "M8 2a4 4 0 0 0-4 4c0 4-1.5 5-1.5 5h11S12 10 12 6a4 4 0 0 0-4-4Z M6.5 13.5a1.6 1.6 0 0 0 3 0",
  book: "M8 4C6 2.6 4 2.5 1.8 2.8v10C4 12.5 6 12.6 8 14c2-1.4 4-1.5 6.2-1.2v-10C12 2.5 10 2.6 8 4Z M8 4v10",
  calendar: "M2 3.5h12V14H2Z M2 6.8h12 M5 1.5v3 M11 1.5v3",
  check: "M3 8.5 6.5 12 13 4.5",
  chevron: "M4 6l4 4 4-4",
  clock: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z M8 4.5V8l2.5 1.5",
  close: "M4 4l8 8 M12 4l-8 8",
  command:
    "M5.5 5.5h5v5h-5z M5.5 5.5H4A1.8 1.8 0 1 1 5.5 4z M10.5 5.5V4A1.8 1.8 0 1 1 12 5.5z M10.5 10.5H12a1.8 1.8 0 1 1-1.5 1.5z M5.5 10.5V12A1.8 1.8 0 1 1 4 10.5z",
  copy: "M5.5 5.5h8v8h-8z M10.5 5.5v-3h-8v8h3",
  edit: "M3 13l.6-2.9L11 2.7l2.3 2.3-7.4 7.4L3 13Z",
  external: "M9 2.5h4.5V7 M13.5 2.5 7.5 8.5 M11.5 9.5v4h-9v-9h4",
  filter: "M2 4h12 M4.5 8h7 M6.5 12h3",
  folder: "M1.5 4V13h13V5H8L6.5 3h-5v1Z",
  globe: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z M1.5 8h13 M8 1.5c2.4 2 2.4 11 0 13 M8 1.5c-2.4 2-2.4 11 0 13",
  grip: "M5.5 3.5h.1 M10.5 3.5h.1 M5.5 8h.1 M10.5 8h.1 M5.5 12.5h.1 M10.5 12.5h.1",
  lock: "M3.5 7.5h9v6.5h-9Z M5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  megaphone: "M2.5 6v3.5h2.2L12.5 13V2.5L4.7 6Z M5 9.5l1 4h1.6 M14.5 6.6v2.3",
  minus: "M3 8h10",
  more: "M3 8h.1 M8 8h.1 M13 8h.1",
  out: "M6 2.5H3v11h3 M7 8h7 M11 5l3 3-3 3",
  pause: "M5 3.5v9 M11 3.5v9",
  play: "M4.5 3v10l8-5-8-5Z",
  plus: "M8 3v10 M3 8h10",
  refresh: "M13.5 8A5.5 5.5 0 1 1 11.7 3.9 M13.5 2v3h-3",
  search: "M7 2a5 5 0 1 0 0 10A5 5 0 0 0 7 2Z M11 11l3.5 3.5",
  send: "M14 2 7 9 M14 2 9.8 14 7 9 2 6.2 14 2Z",
  settings: "M2 4.5h7 M12.5 4.5H14 M2 11.5h2 M7.5 11.5H14 M10.75 2.75v3.5 M5.75 9.75v3.5",
  stairs: "M1.5 13.5h4v-4h4v-4h4v-3",
  tag: "M2 2h5.5L14 8.5 8.5 14 2 7.5V2Z M5 5h.1",
  theme: "M8 1.5a6.5 6.5 0 1 0 0 13Z M8 1.5a6.5 6.5 0 0 1 0 13",
  trash: "M2.5 4h11 M6 4V2.5h4V4 M4 4l.7 9.5h6.6L12 4",
  user: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z M2.5 14a5.5 5.5 0 0 1 11 0",
} as const

/** The name of an icon. */
export type IconName = keyof typeof outlines

/** A decoration: what it means is said by the words beside it. */
export const Icon = ({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth={name === "more" || name === "grip" ? 2.2 : 1.5}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    <path d={outlines[name]} />
  </svg>
)
