/** Installs the dependencies of a checkout where they are missing or not those of the lock file. Node built-ins only. */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join, resolve } from "node:path"

/** The folder of the checkout. */
export const root = resolve(import.meta.dirname, "..")

/** @typedef {Record<string, { version?: string, link?: boolean, optional?: boolean, devOptional?: boolean }>} Packages */

/**
 * The packages of a lock file; none where it is missing or half written.
 *
 * @param {string} path
 * @returns {Packages}
 */
const packagesOf = (path) => {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages ?? {}
  } catch {
    return {}
  }
}

/**
 * Whether `node_modules` holds what the lock file asks for, by the record that npm leaves in it when an install has come
 * to its end. Optional packages may be missing: they are for other systems.
 */
const isInstalled = () => {
  const installed = packagesOf(join(root, "node_modules", ".package-lock.json"))
  return Object.entries(packagesOf(join(root, "package-lock.json"))).every(
    ([path, { version, link, optional, devOptional }]) =>
      !path.startsWith("node_modules/") ||
      (installed[path] === undefined
        ? optional === true || devOptional === true
        : link === true || installed[path].version === version),
  )
}

/** Runs `npm ci` if it is needed, and says so; ends the process with npm's code if that fails. */
export const ensureInstalled = () => {
  if (isInstalled()) return
  console.log("Installing the dependencies that package-lock.json names (npm ci); once, it takes a minute or less …")
  // What runs from a checkout is built in it, and so needs the development dependencies whatever NODE_ENV says.
  const { status, error } = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  })
  if (error !== undefined) console.error(`npm could not be run: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}
