import { fileURLToPath } from "node:url"

/** The data folder of a standalone app that was started once and stopped, made anew by each run of the tests of whole processes. */
export const startedFolder = fileURLToPath(new URL("../../../node_modules/.cache/uptime/started", import.meta.url))
