/**
 * Bundles processes: `npm run build [name…]`, all of them unless named. Each becomes a folder `dist` that runs without
 * `node_modules`, but for the embedded database of the standalone app.
 */
import "./nodeVersion.mjs"
import { execFileSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { promisify } from "node:util"
import { brotliCompress, constants, gzip } from "node:zlib"
import { ensureInstalled, root } from "./install.mjs"

/**
 * @typedef {object} Target
 * @property {string} folder the workspace that the bundle belongs to; it goes to `dist` in it
 * @property {Record<string, string>} entries the source of each file of the bundle, from the root
 * @property {boolean} [web] whether the dashboard goes with it, as the folder `web`
 * @property {Record<string, string>} [files] the source of each file that goes with the bundle as it is, from the root
 * @property {string} [template] the file of the bundle that holds a new embedded database, for a quick first start
 */

const hashWorker = "apps/api/src/auth/hashWorker.js"
const pictureWorker = "apps/api/src/pages/pictureWorker.js"

/** What pictures of status pages are drawn by and set in, with the licences of the fonts. */
const pictureFiles = {
  "picture/resvg.wasm": "node_modules/@resvg/resvg-wasm/index_bg.wasm",
  "picture/DejaVuSans.ttf": "node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
  "picture/DejaVuSans.LICENSE": "node_modules/dejavu-fonts-ttf/LICENSE",
  "picture/MPLUS1p.ttf": "node_modules/@expo-google-fonts/m-plus-1p/400Regular/MPLUS1p_400Regular.ttf",
  "picture/MPLUS1p.LICENSE": "node_modules/@expo-google-fonts/m-plus-1p/LICENSE_FONT",
}

/** @type {Record<string, Target>} */
const targets = {
  api: {
    folder: "apps/api",
    entries: { main: "apps/api/src/main.ts", hashWorker, pictureWorker },
    files: pictureFiles,
    web: true,
  },
  producer: { folder: "apps/producer", entries: { main: "apps/producer/src/main.ts" } },
  worker: { folder: "apps/worker", entries: { main: "apps/worker/src/main.ts" } },
  standalone: {
    folder: "apps/standalone",
    entries: { main: "apps/standalone/src/main.ts", hashWorker, pictureWorker },
    files: pictureFiles,
    web: true,
    template: "database.tar.gz",
  },
  migrate: { folder: "packages/persistence", entries: { migrate: "packages/persistence/src/migrateMain.ts" } },
}

/** The names that can be built. */
export const names = Object.keys(targets)

/**
 * Left out of a bundle: the embedded database loads data beside its own files, and the others are native parts that their
 * users do without.
 */
const external = [
  "@electric-sql/pglite",
  "pg-native",
  "msgpackr-extract",
  "@parcel/watcher",
  "bufferutil",
  "utf-8-validate",
]

/** @param {string} name */
const target = (name) => {
  const found = targets[name]
  if (found === undefined) throw new Error(`There is no "${name}" to build, only ${names.join(", ")}.`)
  return found
}

/** How everything is bundled. @satisfies {import("esbuild").BuildOptions} */
const options = /** @type {const} */ ({
  absWorkingDir: root,
  write: false,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  minifySyntax: true,
  external,
  logLevel: "warning",
  // Packages in the older module format ask for Node's own modules by this.
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
  },
})

/**
 * The file that runs a process.
 *
 * @param {string} name
 */
export const bundleOf = (name) => {
  const { folder, entries } = target(name)
  return join(root, folder, "dist", `${Object.keys(entries)[0]}.js`)
}

/**
 * When a path was changed last, in milliseconds since the epoch; 0 where there is none.
 *
 * @param {string} path
 */
const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

/**
 * When anything in a folder was changed last; a folder's own time counts for what was removed from it.
 *
 * @param {string} folder
 * @returns {number}
 */
const newestIn = (folder) => {
  let newest = changedAt(folder)
  if (newest === 0) return 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : changedAt(path))
  }
  return newest
}

/** When the newest source, dependency or rule of building was changed. */
const sourcesChangedAt = () => {
  const workspaces = ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name, "src")),
  )
  return Math.max(
    changedAt(import.meta.filename),
    changedAt(join(root, "node_modules", ".package-lock.json")),
    changedAt(join(webSources, "index.html")),
    changedAt(join(webSources, "vite.config.ts")),
    newestIn(join(webSources, "build")),
    newestIn(join(webSources, "public")),
    ...workspaces.map(newestIn),
  )
}

/**
 * Whether a process has no bundle, or one that is older than any source.
 *
 * @param {string} name
 */
export const isStale = (name) => changedAt(bundleOf(name)) <= sourcesChangedAt()

/** When what is in a new database was changed: the database itself, or its schema. */
const templateChangedAt = () =>
  Math.max(
    changedAt(join(root, "node_modules/@electric-sql/pglite/package.json")),
    changedAt(join(root, "packages/persistence/src/EmbeddedTemplate.ts")),
    changedAt(join(root, "packages/persistence/src/Migrations.ts")),
    newestIn(join(root, "packages/persistence/src/migrations")),
  )

/**
 * Makes the file of a new embedded database, unless there is one of this version of the database and its schema.
 *
 * @param {typeof import("esbuild")} esbuild
 * @param {string} path
 */
const ensureTemplate = async (esbuild, path) => {
  if (changedAt(path) > templateChangedAt()) return
  const { outputFiles } = await esbuild.build({ ...options, entryPoints: ["scripts/newDatabase.ts"] })
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}`
  execFileSync(process.execPath, ["--input-type=module"], {
    cwd: root,
    env: { ...process.env, TEMPLATE: draft },
    input: outputFiles[0]?.contents,
    stdio: ["pipe", "inherit", "inherit"],
  })
  renameSync(draft, path)
}

/**
 * Bundles processes.
 *
 * @param {ReadonlyArray<string>} which
 */
export const build = async (which) => {
  const esbuild = await import("esbuild")
  for (const name of which) {
    const { folder, entries, files = {}, template, web } = target(name)
    const outdir = join(root, folder, "dist")
    const began = performance.now()
    const { outputFiles } = await esbuild.build({
      ...options,
      entryPoints: entries,
      outdir,
      sourcemap: "linked",
      sourcesContent: false,
    })
    mkdirSync(outdir, { recursive: true })
    writeWhole(join(outdir, "package.json"), Buffer.from('{ "type": "module" }\n'))
    for (const [to, from] of Object.entries(files)) writeWhole(join(outdir, to), readFileSync(join(root, from)))
    if (web === true) await copyWeb(join(outdir, "web"))
    if (template !== undefined) await ensureTemplate(esbuild, join(outdir, template))
    for (const { path, contents, text } of outputFiles) {
      writeWhole(path, path.endsWith(".js") ? Buffer.from(inAscii(text)) : contents)
    }
    const bytes = outputFiles
      .filter(({ path }) => path.endsWith(".js"))
      .reduce((sum, { contents }) => sum + contents.length, 0)
    console.log(
      `Built ${name} into ${relative(root, outdir)}: ${(bytes / 1_000_000).toFixed(1)} MB in ${Math.round(performance.now() - began)} ms`,
    )
  }
}

/** Where the dashboard's sources are, and where its own build puts it. */
const webSources = join(root, "apps/web")
const webBuilt = join(webSources, "dist")

/** What of the dashboard is text, and so comes in compressed forms too. */
const compressible = /\.(css|html|js|json|svg|txt|webmanifest)$/

/**
 * Puts the dashboard into a folder of a bundle, built first where it is older than its sources, with compressed forms of
 * what is text. Without sources of a dashboard the folder is empty.
 *
 * @param {string} outdir
 */
const copyWeb = async (outdir) => {
  const draft = `${outdir}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  if (changedAt(join(webSources, "package.json")) > 0) {
    if (changedAt(join(webBuilt, "index.html")) <= sourcesChangedAt()) {
      execFileSync("npm", ["run", "build", "--silent", "--workspace", "apps/web"], { cwd: root, stdio: "inherit" })
    }
    for (const entry of readdirSync(webBuilt, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name.endsWith(".map")) continue
      const source = join(entry.parentPath, entry.name)
      const path = join(draft, relative(webBuilt, source))
      const contents = readFileSync(source)
      writeWhole(path, contents)
      if (!compressible.test(entry.name) || contents.length < 1024) continue
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length }
      writeWhole(`${path}.br`, await promisify(brotliCompress)(contents, { params }))
      writeWhole(`${path}.gz`, await promisify(gzip)(contents, { level: 9 }))
    }
  }
  rmSync(outdir, { recursive: true, force: true })
  renameSync(draft, outdir)
}

/**
 * A source with all letters beyond ASCII escaped. V8 keeps one that has any beyond Latin-1, be it in a comment, at two
 * bytes a letter; and in a string, an expression or a name, a letter and its escape are the same.
 *
 * @param {string} source
 */
const inAscii = (source) =>
  source.replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)

/**
 * Writes a file so that a process starting at the same time reads the old one or the new one.
 *
 * @param {string} path
 * @param {Uint8Array} contents
 */
const writeWhole = (path, contents) => {
  const draft = `${path}.${process.pid}`
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(draft, contents)
  renameSync(draft, path)
}

/**
 * Bundles a process if that is needed, and says so.
 *
 * @param {string} name
 */
export const ensureBuilt = async (name) => {
  if (isStale(name)) await build([name])
}

if (process.argv[1] === import.meta.filename) {
  const asked = process.argv.slice(2)
  const unknown = asked.filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    console.error(`There is no ${unknown.join(", ")} to build, only ${names.join(", ")}.`)
    process.exit(1)
  }
  ensureInstalled()
  await build(asked.length > 0 ? asked : names)
}
