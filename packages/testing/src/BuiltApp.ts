import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

/** Builds the standalone app with its dashboard, as `npm start` does, once for all tests that run it. */
export const setup = async (): Promise<void> => {
  await promisify(execFile)(process.execPath, ["scripts/build.mjs", "standalone"], {
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
  })
}
