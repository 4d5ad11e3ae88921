import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"
import projects from "./vitest.workspace.ts"

export default defineConfig({
  // The runner itself has little to do, and many tests wait for servers: two at a time also where there are two cores.
  test: { projects, isolate: false, maxWorkers: Math.max(2, availableParallelism() - 1) },
})
