import { Effect } from "effect"
import { alertGauges } from "./AlertGauges.ts"
import { dispatchLoop } from "./DispatchLoop.ts"
import { heartbeatChore } from "./HeartbeatChore.ts"
import { judgeLoop } from "./JudgeLoop.ts"
import { maintenanceChore } from "./MaintenanceChore.ts"

/** The fibers between a change of a monitor's status and the people who hear of it (`docs/incidents.md`). */
export const alerts = Effect.gen(function* () {
  yield* heartbeatChore
  yield* maintenanceChore
  yield* judgeLoop
  yield* dispatchLoop
  yield* alertGauges
})
