/** A list in pieces of at most `size`; the list itself where one piece is enough. */
export const chunks = <A>(list: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> => {
  if (list.length === 0) return []
  if (list.length <= size) return [list]
  const pieces: Array<ReadonlyArray<A>> = []
  for (let start = 0; start < list.length; start += size) pieces.push(list.slice(start, start + size))
  return pieces
}
