import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { type ParseArgsConfig, parseArgs } from "node:util"

type Options = NonNullable<ParseArgsConfig["options"]>

/**
 * The options that a script was called with. `--help` prints the script's first comment, which says what it does and what may
 * be asked of it; an option that it does not know is told in one line. Both end the process.
 *
 * @param url the script's own, `import.meta.url`
 * @param options as of `parseArgs`
 */
export const optionsOf = <const T extends Options>(url: string, options: T) => {
  if (process.argv.slice(2).some((word) => word === "--help" || word === "-h")) {
    console.log(firstComment(readFileSync(fileURLToPath(url), "utf8")))
    process.exit(0)
  }
  try {
    return parseArgs({ options }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)} (--help says what there is)`)
    process.exit(1)
  }
}

/** The text of a file's first documentation comment. */
const firstComment = (source: string): string =>
  (/\/\*\*([\s\S]*?)\*\//.exec(source)?.[1] ?? "").replaceAll(/^[ \t]*\* ?/gm, "").trim()
