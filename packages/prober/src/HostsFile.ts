import { readFile, stat } from "node:fs/promises"
import { Effect, Schedule, type Scope } from "effect"

/** Where the operating system keeps its list of names. */
export const systemHostsFile =
  process.platform === "win32" ? "C:\\Windows\\System32\\drivers\\etc\\hosts" : "/etc/hosts"

/** The largest file that is read, in bytes; block lists that people keep there are a tenth of it. */
const maxBytes = 16 * 1_048_576

/** Names, in lower case, and their addresses in the order of the file. */
export type HostsTable = ReadonlyMap<string, ReadonlyArray<string>>

/** Reads the lines of a hosts file (hosts(5)): an address, names, and whatever follows a `#` is a comment. */
export const parseHosts = (text: string): HostsTable => {
  const table = new Map<string, Array<string>>()
  for (const line of text.split("\n")) {
    const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/)
    if (address === undefined) continue
    for (const name of names) {
      const key = name.toLowerCase()
      const addresses = table.get(key)
      if (addresses === undefined) table.set(key, [address])
      else if (!addresses.includes(address)) addresses.push(address)
    }
  }
  return table
}

/**
 * Follows a hosts file until the scope closes: it is read now and again within ten seconds of a change. A file that is not
 * there has no names; one that cannot be read leaves what was known.
 *
 * @returns the table as it is at the moment of the call
 */
export const followHosts = Effect.fnUntraced(function* (
  path: string,
): Effect.fn.Return<() => HostsTable, never, Scope.Scope> {
  let table: HostsTable = new Map()
  let version = ""
  const refresh = Effect.tryPromise(async () => {
    const { ino, mtimeMs, size } = await stat(path)
    const found = `${ino} ${mtimeMs} ${size}`
    if (found === version || size > maxBytes) return
    table = parseHosts(await readFile(path, "utf8"))
    version = found
  }).pipe(Effect.catchAll((error) => Effect.logDebug("hosts file not read", error.error)))
  yield* refresh
  yield* refresh.pipe(Effect.repeat(Schedule.spaced("10 seconds")), Effect.forkScoped)
  return () => table
})
