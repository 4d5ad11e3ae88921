import { readFile, writeFile } from "node:fs/promises"
import { Effect } from "effect"

/**
 * Replaces what stands in a document between `<!-- name: begin -->` and `<!-- name: end -->`; dies where it has no such marks.
 *
 * @param text what is to stand there, from what stands there now
 */
export const putIntoReport = (path: string, name: string, text: (now: string) => string): Effect.Effect<void> =>
  Effect.promise(async () => {
    const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`]
    const document = await readFile(path, "utf8")
    const [from, to] = [document.indexOf(begin), document.indexOf(end)]
    if (from === -1 || to < from) throw new Error(`${path} has no marks ${begin} and ${end}`)
    const first = from + begin.length
    const written = text(document.slice(first, to).trim())
    await writeFile(path, `${document.slice(0, first)}\n\n${written}\n\n${document.slice(to)}`)
  })
