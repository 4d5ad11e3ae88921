import { fileURLToPath } from "node:url"
import { defineProject } from "vitest/config"
import { contractRoutes } from "./apps/web/build/contractRoutes.ts"

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** Tests of whole processes, as they are built, with a command of their own: they have nothing else beside them. */
const whole = ["apps/standalone/test/**/*.test.ts", "apps/web/test/browser/**/*.test.ts"]

const shared = {
  passWithNoTests: true,
  fakeTimers: { toFake: undefined },
  hookTimeout: 60_000,
  setupFiles: [path("packages/testing/src/EndWithRunner.ts"), path("packages/testing/src/FreshTester.ts")],
}

/**
 * All tests, as two projects: `npm test` runs `parts`, `npm run test:whole` the other. No more of them, since the runner
 * starts its processes anew for each project, and waits for its last file. `vitest.config.ts` reads it.
 */
export default [
  defineProject({
    plugins: [contractRoutes()],
    test: {
      ...shared,
      name: "parts",
      include: ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts"],
      exclude: whole,
      testTimeout: 20_000,
      globalSetup: [path("packages/testing/src/GlobalSetup.ts")],
      sequence: { groupOrder: 0 },
    },
  }),
  defineProject({
    test: {
      ...shared,
      name: "whole",
      include: whole,
      testTimeout: 60_000,
      globalSetup: [path("packages/testing/src/BuiltApp.ts")],
      sequence: { groupOrder: 1 },
    },
  }),
]
