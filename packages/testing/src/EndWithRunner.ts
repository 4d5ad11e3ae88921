import { GlobalValue } from "effect"

/**
 * Ends a test process whose runner is gone: the runner's own code would try to report to it for ever, at full speed. Loaded
 * before every file of the process, it listens once.
 */
GlobalValue.globalValue("@uptime/testing/EndWithRunner", () =>
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL")),
)
