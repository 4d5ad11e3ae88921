import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const testing = (file: string) => fileURLToPath(new URL(`./packages/testing/src/${file}`, import.meta.url))

/** What a package's tests need beyond the usual. */
export interface ProjectOptions {
  /** Whether they use the run's PostgreSQL and Redis (`@uptime/testing`), which are then started. */
  readonly servers?: boolean
  /** Which files they are, and which are not. */
  readonly include?: ReadonlyArray<string>
  readonly exclude?: ReadonlyArray<string>
  /** Whether they run once all others have ended, for those that need the machine to themselves. */
  readonly after?: boolean
}

/**
 * The vitest configuration of one package or app.
 *
 * @param name the project's name as the runner prints it
 */
export const project = (name: string, options: ProjectOptions = {}) =>
  defineConfig({
    test: {
      name,
      include: [...(options.include ?? ["test/**/*.test.ts"])],
      exclude: [...(options.exclude ?? [])],
      sequence: { groupOrder: options.after === true ? 1 : 0 },
      passWithNoTests: true,
      fakeTimers: { toFake: undefined },
      testTimeout: 20_000,
      hookTimeout: 60_000,
      setupFiles: [testing("EndWithRunner.ts"), testing("FreshTester.ts")],
      globalSetup: options.servers === true ? [testing("GlobalSetup.ts")] : [],
    },
  })
