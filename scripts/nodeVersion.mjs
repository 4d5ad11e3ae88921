/**
 * Ends the process, in one line, on a Node.js that is too old to run the rest. Imported first by every script, so it is
 * written in what old versions understand and imports nothing that they lack.
 */
import { readFileSync } from "node:fs"

/** @type {{ engines: { node: string } }} */
const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))

const wanted = engines.node.replace(/^>=/, "")

/**
 * @param {string} version three numbers with dots between
 * @returns {number} a number that is larger for a later version
 */
const rank = (version) =>
  version
    .split(".")
    .map(Number)
    .reduce((sum, part) => sum * 1000 + part, 0)

if (rank(process.versions.node) < rank(wanted)) {
  console.error(`This needs Node.js ${wanted} or newer; ${process.execPath} is ${process.versions.node}.`)
  process.exit(1)
}
