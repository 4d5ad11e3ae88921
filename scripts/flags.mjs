import { readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./install.mjs"

/**
 * The flags that a command of ours gives Node: what is measured or broken runs as operators run it.
 *
 * @param {string} command such as `api`, for `npm run api`
 * @returns {ReadonlyArray<string>}
 */
export const flagsOf = (command) => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  return scripts[command].split(" ").filter((/** @type {string} */ word) => word.startsWith("--"))
}
