import { Effect, GlobalValue, RcRef, Scope } from "effect"
import type { ServerError } from "./ServerProcess.ts"
import type { Server } from "./Servers.ts"
import { startPostgres, startRedis } from "./Servers.ts"

/** The servers that all projects of one run share. */
interface RunServers {
  readonly postgres: Server
  readonly redis: Server
}

const shared = GlobalValue.globalValue("@uptime/testing/RunServers", () =>
  Effect.runSync(
    Effect.flatMap(Scope.make(), (scope) =>
      RcRef.make({
        acquire: Effect.all({ postgres: startPostgres(), redis: startRedis() }, { concurrency: "unbounded" }),
      }).pipe(Scope.extend(scope)),
    ),
  ),
)

/**
 * The servers of this run: started by the first project that asks, stopped when the last one has closed its scope. They are
 * kept on the global object because the runner loads this file anew for every project.
 */
export const runServers: Effect.Effect<RunServers, ServerError, Scope.Scope> = RcRef.get(shared)
