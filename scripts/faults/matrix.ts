import type { Fault } from "./Fault.ts"
import { producersKilled } from "./matrix/ProducersKilled.ts"
import { redisEmptied } from "./matrix/RedisEmptied.ts"
import { redisFrozen } from "./matrix/RedisFrozen.ts"
import { redisLinkBroken } from "./matrix/RedisLinkBroken.ts"
import { redisFull, redisReadOnly } from "./matrix/RedisRefusingWrites.ts"
import { redisRepliesLost } from "./matrix/RedisRepliesLost.ts"
import { redisRestarted } from "./matrix/RedisRestarted.ts"
import { regionGone } from "./matrix/RegionGone.ts"
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
]

/** What `npm run faults` makes of them: those that take longest first. */
export const quickSet: ReadonlyArray<Fault> = [
  workerKilled,
  workerKilledAtPoint,
  workerTerminated,
  redisEmptied,
  redisRepliesLost,
]
