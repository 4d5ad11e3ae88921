import { execFile } from "node:child_process"
import { rm } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { Effect } from "effect"
import { startApp } from "./AppProcess.ts"
import { startedFolder } from "./StartedFolder.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))

/**
 * Builds the standalone app with its dashboard, as `npm start` does, once for all tests that run it, and starts it once: what
 * a first start makes, those tests copy that are not about it.
 */
export const setup = async (): Promise<void> => {
  await promisify(execFile)(process.execPath, ["scripts/build.mjs", "standalone"], { cwd: root })
  await rm(startedFolder, { recursive: true, force: true })
  await Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const app = yield* startApp(`${root}apps/standalone/dist/main.js`, {
          DATA_DIR: startedFolder,
          PORT: "0",
          LOG_FORMAT: "json",
        })
        yield* app.awaitOutput("Uptime runs at").pipe(Effect.timeout("60 seconds"))
        yield* app.kill("SIGTERM")
        yield* app.ended
      }),
    ),
  )
}
