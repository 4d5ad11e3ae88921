import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import { Api } from "@uptime/contract/Api"
import { Authentication } from "@uptime/contract/Authentication"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Effect } from "effect"
import { forUser } from "../auth/ForUser.ts"
import { TestRunService } from "./TestRunService.ts"

/** The calls of the group `testRuns`. */
export const testRunHandlers = HttpApiBuilder.group(
  Api,
  "testRuns",
  Effect.fnUntraced(function* (handlers) {
    const testRuns = yield* TestRunService
    return handlers.handle("run", ({ payload }) =>
      forUser(({ id }) => Effect.map(testRuns.run(id, payload), (items) => ({ items }))),
    )
  }),
).pipe(builtWith(TestRunService, Authentication))
