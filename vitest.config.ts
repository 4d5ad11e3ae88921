import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"
import projects from "./vitest.workspace.ts"

/** Those that take longest: what begins with them does not end with one of them alone. */
const longest = [
  "List",
  "Live",
  "Incident",
  "Forms",
  "EmbeddedSql",
  "PostgresSql",
  "Main",
  "Integration",
  "BadInput",
  "Results",
]

/** Where a file comes among those that take longest; behind them where it is not one. */
const place = ({ moduleId }: TestSpecification): number => {
  const at = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
  return at === -1 ? longest.length : at
}

class LongestFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}

/** Many tests wait for servers and processes: one more at a time than there are cores on a small machine. */
const workers = Math.max(3, availableParallelism() - 1)

export default defineConfig({
  test: {
    projects,
    isolate: false,
    maxWorkers: workers,
    // As many: the runner's pool ends a process that is idle twice, and fails, where it may have fewer of them than two less.
    minWorkers: workers,
    sequence: { sequencer: LongestFirst },
  },
})
