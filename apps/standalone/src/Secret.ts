import { randomBytes } from "node:crypto"
import * as FsPromises from "node:fs/promises"
import * as Path from "node:path"
import { Data, Effect, Redacted } from "effect"

/** The folder of the data cannot be used. The message is one line for the person who starts the process. */
export class DataDirError extends Data.TaggedError("DataDirError")<{ readonly message: string }> {}

/** The secrets that a folder keeps, by file, and what is lost with each. */
const secrets = {
  "jwt-secret": "everyone has to log in again",
  "encryption-key": "the passwords and tokens of monitors have to be given again",
}

/**
 * A secret that is kept in the folder of the data: what session tokens are signed with (`jwt-secret`), so that people stay
 * logged in over a restart, and what the secrets of monitors are sealed with (`encryption-key`). Made at the first start:
 * 48 random bytes, readable by the owner of the process alone.
 *
 * @param dataDir the folder, made if it is missing
 */
export const keptSecret = Effect.fnUntraced(function* (
  dataDir: string,
  name: keyof typeof secrets,
): Effect.fn.Return<Redacted.Redacted, DataDirError> {
  const file = Path.join(dataDir, name)
  yield* attempt(file, () => FsPromises.mkdir(dataDir, { recursive: true, mode: 0o700 }))
  const made = randomBytes(48).toString("base64")
  // Exclusive: of two starts at once, one makes it and the other reads what that one made.
  yield* attempt(file, () => FsPromises.writeFile(file, `${made}\n`, { mode: 0o600, flag: "wx" }).catch(ignoreExisting))
  const kept = (yield* attempt(file, () => FsPromises.readFile(file, "utf8"))).trim()
  if (kept.length < 32) {
    return yield* new DataDirError({
      message: `${file} does not hold a secret of at least 32 characters; remove it, and a new one is made (${secrets[name]})`,
    })
  }
  return Redacted.make(kept)
})

const ignoreExisting = (cause: NodeJS.ErrnoException): void => {
  if (cause.code !== "EEXIST") throw cause
}

const attempt = <A>(file: string, run: () => Promise<A>): Effect.Effect<A, DataDirError> =>
  Effect.tryPromise({
    try: run,
    catch: (cause) => {
      const reason = cause instanceof Error ? cause.message : String(cause)
      return new DataDirError({
        message: `${file} cannot be used (${reason}); set DATA_DIR to a folder you may write to`,
      })
    },
  })
