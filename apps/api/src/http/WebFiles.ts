import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { Context, Data, Effect, Layer } from "effect"
import { type WebFile, webFiles } from "./WebFile.ts"

/** The dashboard cannot be read. */
export class WebFilesError extends Data.TaggedError("WebFilesError")<{
  readonly message: string
  readonly cause: unknown
}> {}

/** The most files, and bytes of all of them: they are kept in memory. */
const maxFiles = 2_000
const maxBytes = 64 * 1024 * 1024

/** The page that every address of the dashboard begins with. */
export const indexPath = "/index.html"

/** The files of the dashboard by the path that they are served at; none where it was not built. */
export class WebFiles extends Context.Tag("@uptime/api/WebFiles")<WebFiles, ReadonlyMap<string, WebFile>>() {
  /** No dashboard. */
  static readonly none: Layer.Layer<WebFiles> = Layer.succeed(this, new Map())

  /**
   * The files of a folder, read once: what is served is what was there at the start, and no request reaches the disk. A
   * folder that is not there, or has no `index.html`, is no dashboard.
   */
  static readonly layer = (folder: string): Layer.Layer<WebFiles, WebFilesError> => Layer.effect(this, read(folder))
}

const read = Effect.fnUntraced(function* (
  folder: string,
): Effect.fn.Return<ReadonlyMap<string, WebFile>, WebFilesError> {
  const failed = (cause: unknown) =>
    new WebFilesError({ message: `the dashboard in ${folder} cannot be read: build it again`, cause })
  const entries = yield* Effect.tryPromise({
    try: () => readdir(folder, { recursive: true, withFileTypes: true }),
    catch: failed,
  }).pipe(
    Effect.catchIf(
      ({ cause }) => isMissing(cause),
      () => Effect.succeed([]),
    ),
  )
  const contents = new Map<string, Uint8Array>()
  let bytes = 0
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const content = yield* Effect.tryPromise({ try: () => readFile(path), catch: failed })
    bytes += content.length
    contents.set(path.slice(folder.length).replace(/^[\\/]+/, ""), content)
    if (contents.size > maxFiles || bytes > maxBytes) return yield* failed("it is larger than any dashboard")
  }
  const files = webFiles(contents)
  return files.has(indexPath) ? files : new Map<string, WebFile>()
})

const isMissing = (cause: unknown): boolean => cause instanceof Error && "code" in cause && cause.code === "ENOENT"
