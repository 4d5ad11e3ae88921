/** What is behind text on a page, by theme: of the page and its cards, the one that less can be told from. `#rrggbb` */
export const pageBackgrounds = { light: "#f5f6f8", dark: "#161b22" } as const
