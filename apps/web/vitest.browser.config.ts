import { fileURLToPath } from "node:url"
import { mergeConfig } from "vitest/config"
import { project } from "../../vitest.shared.ts"

export default mergeConfig(project("browser", { include: ["test/browser/**/*.test.ts"] }), {
  test: {
    globalSetup: [fileURLToPath(new URL("./test/browser/Build.ts", import.meta.url))],
    // After the fault runs, which need the machine to themselves, too.
    sequence: { groupOrder: 2 },
  },
})
