import { Effect, Exit, Scope } from "effect"
import type { TestProject } from "vitest/node"
import { runServers } from "./RunServers.ts"
import { serverFolder } from "./ServerProcess.ts"

declare module "vitest" {
  interface ProvidedContext {
    readonly postgresUrl: string
    readonly redisUrl: string
    /** A folder of the run, for files that tests share; gone with the run. */
    readonly runFolder: string
  }
}

/** Starts the run's servers, or joins those that another project started, and tells the tests where they are. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const scope = await Effect.runPromise(Scope.make())
  const { postgres, redis } = await Effect.runPromise(Scope.extend(runServers, scope))
  const { path } = await Effect.runPromise(Scope.extend(serverFolder, scope))
  project.provide("runFolder", path)
  project.provide("postgresUrl", postgres.url)
  project.provide("redisUrl", redis.url)
  return () => Effect.runPromise(Scope.close(scope, Exit.void))
}
