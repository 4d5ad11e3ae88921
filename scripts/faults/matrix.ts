import type { Fault } from "./Fault.ts"
import { redisEmptied } from "./matrix/RedisEmptied.ts"
import { redisRepliesLost } from "./matrix/RedisRepliesLost.ts"
import { workerKilled } from "./matrix/WorkerKilled.ts"
import { workerKilledAtPoint } from "./matrix/WorkerKilledAtPoint.ts"
import { workerTerminated } from "./matrix/WorkerTerminated.ts"

/** Every fault, in the order of the matrix. */
export const matrix: ReadonlyArray<Fault> = [
  workerKilled,
  workerKilledAtPoint,
  workerTerminated,
  redisEmptied,
  redisRepliesLost,
]

/** What `npm run faults` makes of them: those that take longest first. */
export const quickSet: ReadonlyArray<Fault> = [
  workerKilled,
  workerKilledAtPoint,
  workerTerminated,
  redisEmptied,
  redisRepliesLost,
]
