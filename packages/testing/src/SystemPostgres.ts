import * as FsPromises from "node:fs/promises"
import * as Path from "node:path"
import { Effect } from "effect"
import { type PostgresBinaries, unprivileged } from "./PostgresBinaries.ts"
import { ServerError } from "./ServerProcess.ts"

/** The PostgreSQL that is installed on this machine, with what an operator backs it up and restores it by. */
export interface SystemPostgres extends PostgresBinaries {
  readonly pgDump: string
  readonly pgRestore: string
}

/** Where Debian keeps PostgreSQL, a folder for each release. */
const debian = "/usr/lib/postgresql"

/** The newest release that is installed whole. */
export const systemPostgres: Effect.Effect<SystemPostgres, ServerError> = Effect.tryPromise({
  try: async () => {
    const releases = await FsPromises.readdir(debian).catch(() => [])
    for (const release of releases.toSorted((one, other) => Number(other) - Number(one))) {
      const program = (name: string) => Path.join(debian, release, "bin", name)
      const programs = {
        initdb: program("initdb"),
        postgres: program("postgres"),
        pgDump: program("pg_dump"),
        pgRestore: program("pg_restore"),
      }
      if ((await Promise.all(Object.values(programs).map(isThere))).every(Boolean)) {
        return { ...programs, locale: ["--locale=C", "--encoding=UTF8"], user: await unprivileged() }
      }
    }
    throw new Error("none is installed: install Debian's package postgresql (apt-get install postgresql)")
  },
  catch: (cause) =>
    new ServerError({ server: "PostgreSQL", reason: cause instanceof Error ? cause.message : String(cause) }),
})

const isThere = (path: string): Promise<boolean> =>
  FsPromises.access(path, FsPromises.constants.X_OK).then(
    () => true,
    () => false,
  )
