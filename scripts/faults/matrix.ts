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

/** Every fault, in the order of the matrix. */
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
