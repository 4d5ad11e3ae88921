import { readFile, writeFile } from "node:fs/promises"
import { Effect } from "effect"
import type { Row } from "./Fault.ts"
import { markdownTable } from "./Table.ts"

const begin = "<!-- faults: begin -->"
const end = "<!-- faults: end -->"

/** Replaces what stands between the two markers of a document by the table. */
export const putIntoReport = (path: string, rows: ReadonlyArray<Row>): Effect.Effect<void> =>
  Effect.promise(async () => {
    const text = await readFile(path, "utf8")
    const [from, to] = [text.indexOf(begin), text.indexOf(end)]
    if (from === -1 || to < from) throw new Error(`${path} has no markers ${begin} and ${end}`)
    await writeFile(path, `${text.slice(0, from + begin.length)}\n\n${markdownTable(rows)}\n\n${text.slice(to)}`)
  })
