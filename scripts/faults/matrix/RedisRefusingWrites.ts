import { Effect } from "effect"
import { recovered, resumedAfter } from "../../../packages/testing/src/faults/Recovery.ts"
import { readJournal } from "../Book.ts"
import type { Fault } from "../Fault.ts"
import { results } from "../History.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"
import type { World } from "../World.ts"

const monitors = 200

/** What processes wrote at warning and above since some characters ago. */
const complaints = ({ apps }: World) =>
  Effect.map(
    Effect.forEach(apps.started(), ({ output }) => output),
    (outputs) =>
      outputs.flatMap((output) => output.split("\n").filter((line) => /"level":"(warn|error|fatal)/i.test(line))),
  )

/** A Redis that takes no writes for some seconds, and then does again. */
const refusing = Effect.fnUntraced(function* (
  fault: Pick<Fault, "id" | "name">,
  world: World,
  begin: Effect.Effect<unknown, Error>,
  end: Effect.Effect<unknown, Error>,
) {
  const { apps, control, isWhole, now, regions, sql } = world
  yield* monitorLoad(world, monitors)
  const [producer] = yield* startAll([
    apps.producer({ observed: true }),
    ...regions.map((region) => apps.worker(region, { observed: true })),
  ])
  yield* Effect.sleep("15 seconds")
  const linesBefore = (yield* complaints(world)).length
  const connectionsBefore = yield* control.connectionsEver
  yield* begin
  const began = yield* now
  yield* Effect.sleep("3 seconds")
  const due = sql<{ readonly n: number }>`SELECT count(*)::int AS n FROM monitors WHERE next_check_at <= now()`
  const seconds = isWhole ? 30 : 12
  yield* Effect.sleep(`${seconds} seconds`)
  const [waiting] = yield* due
  const reconnects = (yield* control.connectionsEver) - connectionsBefore
  const lines = (yield* complaints(world)).length - linesBefore
  const groups = yield* world.stream.groups(regions)
  yield* end
  const ended = yield* now
  const journal = producer?.journal ?? null
  const meanwhile = (journal === null ? [] : readJournal(journal)).filter(
    ({ at, step }) => step === "published" && at > began + 500 && at < ended,
  )
  yield* Effect.sleep("15 seconds")
  yield* producer?.kill("SIGTERM") ?? Effect.void
  const isQuiet = yield* world.quiet(60)
  const recoverMs = resumedAfter(yield* results(world), regions, ended)
  return yield* rowOf(fault, world, {
    recoverMs,
    breaches: [
      ...expect("everything is done", isQuiet, "entries still pending after 60 s"),
      ...expect("no monitor moves on", meanwhile.length === 0, `${meanwhile.length} batches were published`),
      ...expect("they stay due", (waiting?.n ?? 0) > 0, "none was due"),
      ...expect("somebody says so", lines > 0, "not a line"),
      ...expect("no busy loop", reconnects <= seconds * 20, `${reconnects} connections in ${seconds + 3} s`),
      ...recovered(recoverMs, 5_000),
    ],
    remarks: [
      `${waiting?.n ?? 0} of ${monitors} monitors due and not moved on, ${lines} lines of warning, ${reconnects} new connections, ` +
        `${groups.reduce((sum, { lag, pending }) => sum + lag + pending, 0)} entries not done meanwhile`,
    ],
  })
})

export const redisFull: Fault = {
  id: "F12",
  name: "Redis out of memory",
  promise: "monitors do not move on, and it is said; what is on the stream is done; used again within 5 s",
  run: (world) => {
    const { call } = world.control
    return refusing(
      redisFull,
      world,
      call("config", "SET", "maxmemory", "1mb"),
      call("config", "SET", "maxmemory", "0"),
    )
  },
}

export const redisReadOnly: Fault = {
  id: "F13",
  name: "Redis a read-only replica of nobody",
  promise: "no busy loop; monitors do not move on, and it is said; used again within 5 s",
  run: (world) => {
    const { call } = world.control
    return refusing(redisReadOnly, world, call("replicaof", "127.0.0.1", "1"), call("replicaof", "NO", "ONE"))
  },
}
