/**
 * Moves the focus among the buttons and links of a list by an arrow key, Home or End, around its ends.
 *
 * @returns whether the key moves the focus
 */
export const nextFocused = (list: HTMLElement | null, key: string): boolean => {
  const items = [...(list?.querySelectorAll<HTMLElement>("button, a[href]") ?? [])]
  const at = items.findIndex((item) => item.matches(":focus"))
  const to = nextIndex(key, at, items.length)
  if (to === undefined) return false
  items[to]?.focus()
  return true
}

/** Where a key leads in a list of so many; undefined for keys that lead nowhere. */
export const nextIndex = (key: string, at: number, count: number): number | undefined => {
  if (count === 0) return undefined
  switch (key) {
    case "ArrowDown":
    case "ArrowRight":
      return (at + 1) % count
    case "ArrowUp":
    case "ArrowLeft":
      return at <= 0 ? count - 1 : at - 1
    case "Home":
      return 0
    case "End":
      return count - 1
    default:
      return undefined
  }
}
