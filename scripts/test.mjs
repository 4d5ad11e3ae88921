/**
 * `npm test` and `npm run test:whole`, from a bare clone. Arguments go to vitest, such as a folder
 * (`npm test -- packages/domain`). The last line is the sum: `N passed, N failed`.
 */
import "./nodeVersion.mjs"
import { ensureInstalled, root } from "./install.mjs"

ensureInstalled()
process.chdir(root)

const { parseCLI, startVitest } = await import("vitest/node")

const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)])
const vitest = await startVitest("test", filter, { ...options, watch: false })

const modules = vitest.state.getTestModules()
const tests = modules.flatMap((module) => [...module.children.allTests()])
/** @param {string} state */
const count = (state) => tests.filter((test) => test.result().state === state).length
const passed = count("passed")
const skipped = count("skipped")
// A file that could not be read, or a hook of it that failed, fails though none of its tests ran to say so.
const failed = count("failed") + modules.filter((module) => module.errors().length > 0).length
const unhandled = vitest.state.getUnhandledErrors().length

await vitest.close()

if (passed + failed === 0) console.error("No test ran.")
if (unhandled > 0) console.error(`${unhandled} errors outside of any test.`)
console.log(`${passed} passed, ${failed + unhandled} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`)
process.exit(passed === 0 || failed + unhandled > 0 || (process.exitCode ?? 0) !== 0 ? 1 : 0)
