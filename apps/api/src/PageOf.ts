/**
 * A page of a list, from what was found when one item more than it holds was asked for: that one tells whether there is a
 * next page.
 *
 * @param limit how many items it holds
 * @param cursorOf where the list goes on after an item
 */
export const pageOf = <A, C>(found: ReadonlyArray<A>, limit: number, cursorOf: (last: A) => C) => {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: found.length > limit && last !== undefined ? cursorOf(last) : null }
}
