import { copyFile, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { Effect } from "effect"
import { bundled } from "./AppProcess.ts"

const source = (file: string) => new URL(`../../../apps/api/src/${file}`, import.meta.url)

/**
 * The api as one file, without its dashboard, in a temporary folder that goes with the scope. The file of the thread that
 * hashes passwords lies beside it, where the api looks for it.
 */
export const bundledApi = Effect.gen(function* () {
  const main = yield* bundled(source("main.ts"))
  const hashWorker = yield* bundled(source("auth/hashWorker.js"))
  yield* Effect.promise(() => copyFile(hashWorker, join(dirname(main), "hashWorker.js")))
  yield* Effect.promise(() => writeFile(join(dirname(main), "package.json"), '{"type":"module"}'))
  return main
})
