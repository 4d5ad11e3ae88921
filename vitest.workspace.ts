/** Every package and app that has tests; `vitest.config.ts` reads it as its projects. */
export default [
  "packages/*/vitest.config.ts",
  "apps/*/vitest.config.ts",
  "apps/*/vitest.faults.config.ts",
  "apps/*/vitest.browser.config.ts",
]
