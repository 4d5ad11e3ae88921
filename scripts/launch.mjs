/** Runs a bundled process in this one: no second Node.js to start, and signals and the exit code need no forwarding. */
import { pathToFileURL } from "node:url"
import { bundleOf, ensureBuilt } from "./build.mjs"
import { ensureInstalled } from "./install.mjs"

/** How long one Ctrl-C may take to arrive twice, in milliseconds. */
const echoMs = 1000

/**
 * Takes the second of two signals that are one: a terminal sends Ctrl-C to every process of the command, and npm passes on
 * the one that it gets itself. To a process that stops in order, a second signal means that it shall not.
 *
 * @param {NodeJS.Signals} signal
 */
const ignoreEcho = (signal) => {
  const onFirst = () => {
    setTimeout(() => process.off(signal, onFirst), echoMs).unref()
  }
  process.on(signal, onFirst)
}

/**
 * Installs and builds what is missing or out of date, then runs a process.
 *
 * @param {string} name one of `names` of the build
 */
export const launch = async (name) => {
  ensureInstalled()
  await ensureBuilt(name)
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) ignoreEcho(signal)
  await import(pathToFileURL(bundleOf(name)).href)
}
