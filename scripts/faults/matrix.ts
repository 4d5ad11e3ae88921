import type { Fault } from "./Fault.ts"
import { apiAttacked } from "./matrix/ApiAttacked.ts"
import { backlog } from "./matrix/Backlog.ts"
import { clockWrong } from "./matrix/ClockWrong.ts"
import { commitReplyLost } from "./matrix/CommitReplyLost.ts"
import { eventLoopBlocked } from "./matrix/EventLoopBlocked.ts"
import { everything } from "./matrix/Everything.ts"
import { hostileTargets } from "./matrix/HostileTargets.ts"
import { loginFlood } from "./matrix/LoginFlood.ts"
import { migrationRace } from "./matrix/MigrationRace.ts"
import { nameServerBroken } from "./matrix/NameServerBroken.ts"
import { newerJobs } from "./matrix/NewerJobs.ts"
import { notificationsBroken } from "./matrix/NotificationsBroken.ts"
import { poisonJob } from "./matrix/PoisonJob.ts"
import { postgresDown } from "./matrix/PostgresDown.ts"
import { postgresHalfOpen } from "./matrix/PostgresHalfOpen.ts"
import { postgresRefuses } from "./matrix/PostgresRefuses.ts"
import { postgresRestarted } from "./matrix/PostgresRestarted.ts"
import { postgresSlow } from "./matrix/PostgresSlow.ts"
import { processLimits } from "./matrix/ProcessLimits.ts"
import { producersKilled } from "./matrix/ProducersKilled.ts"
import { redisEmptied } from "./matrix/RedisEmptied.ts"
import { redisFrozen } from "./matrix/RedisFrozen.ts"
import { redisLinkBroken } from "./matrix/RedisLinkBroken.ts"
import { redisFull, redisReadOnly } from "./matrix/RedisRefusingWrites.ts"
import { redisRepliesLost } from "./matrix/RedisRepliesLost.ts"
import { redisRestarted } from "./matrix/RedisRestarted.ts"
import { regionGone } from "./matrix/RegionGone.ts"
import { regionOffline } from "./matrix/RegionOffline.ts"
import { rowsRefused } from "./matrix/RowsRefused.ts"
import { workerFrozen } from "./matrix/WorkerFrozen.ts"
import { workerKilled } from "./matrix/WorkerKilled.ts"
import { workerKilledAtPoint } from "./matrix/WorkerKilledAtPoint.ts"
import { workerTerminated } from "./matrix/WorkerTerminated.ts"

/**
 * Every fault, in the order of the matrix.
 *
 * How a fault is written: one file in `matrix/` for each fault or small family exports a `Fault`, and this lists it. Its
 * `run` is given a `World`, in which nothing runs yet but servers, targets and the receiver of messages:
 *
 * - load: `jobLoad(world, monitors)` puts jobs on the stream at a rate of one's own, `monitorLoad(world, count)` makes monitors
 *   that a producer (`world.apps.producer({ observed: true })`, which keeps a journal of what it published) schedules;
 * - processes: `world.apps.worker("USA")` as it is shipped, `worker("USA", { killAt: "after-commit" })` between layers that kill it
 *   there (`apps/`); each is killed by any signal (`app.kill("SIGSTOP")`), and ends with the scope;
 * - faults: `world.postgres` and `world.redis` are stopped, killed and frozen; `world.links.worker.redis` and its like delay,
 *   cut, refuse, swallow; `world.control` speaks to Redis; `world.ownLinks` are links of one process alone;
 * - targets: `farm.answer(path, …)`; what is down goes into `downtimes` (`monitorLoad().takeDown` does it);
 * - chance: `world.plan` only, and `world.plan.of("…")` for what runs at the same time.
 *
 * At its end it waits until nothing is under way (`world.quiet`) and returns `rowOf(fault, world, { … })`, which reads everything
 * and checks I1 to I7 and I10 to I12; its own promises come as `breaches` (`expect`). `world.isWhole` tells whether it should
 * last as long as the matrix says, or as short as it can.
 */
export const matrix: ReadonlyArray<Fault> = [
  workerKilled,
  workerKilledAtPoint,
  workerTerminated,
  workerFrozen,
  regionGone,
  producersKilled,
  redisRestarted,
  redisEmptied,
  redisFrozen,
  redisLinkBroken,
  redisRepliesLost,
  redisFull,
  redisReadOnly,
  postgresRestarted,
  postgresDown,
  postgresHalfOpen,
  commitReplyLost,
  postgresSlow,
  postgresRefuses,
  rowsRefused,
  migrationRace,
  clockWrong,
  eventLoopBlocked,
  processLimits,
  regionOffline,
  nameServerBroken,
  hostileTargets,
  backlog,
  poisonJob,
  loginFlood,
  apiAttacked,
  newerJobs,
  notificationsBroken,
  everything,
]

/** What `npm run faults` makes of them: those that take longest first. */
export const quickSet: ReadonlyArray<Fault> = [
  postgresRestarted,
  postgresDown,
  workerKilled,
  workerKilledAtPoint,
  redisEmptied,
  redisRepliesLost,
  workerTerminated,
  commitReplyLost,
  rowsRefused,
]
