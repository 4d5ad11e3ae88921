import { defineConfig } from "vitest/config"

/**
 * The vitest configuration of one package or app.
 *
 * @param name the project's name as the runner prints it
 */
export const project = (name: string) =>
  defineConfig({
    test: {
      name,
      include: ["test/**/*.test.ts"],
      passWithNoTests: true,
      fakeTimers: { toFake: undefined },
      testTimeout: 20_000,
      hookTimeout: 60_000,
    },
  })
