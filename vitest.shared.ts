import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const testing = (file: string) => fileURLToPath(new URL(`./packages/testing/src/${file}`, import.meta.url))

/**
 * The vitest configuration of one package or app.
 *
 * @param name the project's name as the runner prints it
 * @param options.servers whether its tests use the run's PostgreSQL and Redis (`@uptime/testing`), which are then started
 */
export const project = (name: string, options: { readonly servers?: boolean } = {}) =>
  defineConfig({
    test: {
      name,
      include: ["test/**/*.test.ts"],
      passWithNoTests: true,
      fakeTimers: { toFake: undefined },
      testTimeout: 20_000,
      hookTimeout: 60_000,
      setupFiles: [testing("EndWithRunner.ts")],
      globalSetup: options.servers === true ? [testing("GlobalSetup.ts")] : [],
    },
  })
