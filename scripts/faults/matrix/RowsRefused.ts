import { Effect } from "effect"
import { eventually } from "../../../packages/testing/src/Eventually.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { awaitStarted, startAll } from "../Started.ts"
import type { World } from "../World.ts"

/** What no text of the database can hold: NUL, and bytes that are no UTF-8, wherever an answer can have them. */
const unstorable = Buffer.from(
  "HTTP/1.1 500 a\0b\xff\xfe\r\nlocation: /\0\r\nx-a: \0\r\ncontent-length: 3\r\n\r\n\0\xff\0",
  "latin1",
)

const monitors = 200
const rounds = 5

const count = ({ sql }: World, condition: string): Effect.Effect<number, unknown> =>
  Effect.map(
    sql<{ readonly n: number }>`SELECT count(*)::int AS n FROM ${sql.literal(condition)}`,
    ([row]) => row?.n ?? 0,
  )

/**
 * Rows that the database will not have among rows that it will: today's partition is missing, one monitor's rows break a
 * constraint (class 23), another's a conversion (class 22), and a target answers with NUL.
 */
export const rowsRefused: Fault = {
  id: "F20",
  name: "rows refused, a partition missing",
  promise:
    "good neighbours are stored within 5 s and bad rows set aside; a missing partition loses nothing and is made again",
  world: { regions: ["USA"] },
  run: Effect.fnUntraced(function* (world) {
    const { apps, downtimes, farm, now, sql } = world
    const day = new Date(yield* now).toISOString().slice(0, 10)
    const partition = `check_results_p${day.replaceAll("-", "")}`
    yield* sql`DROP TABLE ${sql(partition)}`
    const load = yield* jobLoad(world, monitors)
    yield* startAll([apps.worker("USA", { observed: true })])
    yield* load.untilStored
    const strays = yield* count(world, "check_results_default")

    const [nul, constraint, conversion] = yield* sql<{ readonly id: string; readonly path: string }>`
        SELECT id, regexp_replace(url, '^http://[^/]+', '') AS path FROM monitors ORDER BY id LIMIT 3`
    if (nul === undefined || constraint === undefined || conversion === undefined)
      return yield* Effect.dieMessage("no monitors")
    yield* farm.answer(nul.path, { _tag: "Raw", bytes: unstorable })
    downtimes.push({ monitorId: nul.id, from: yield* now, to: Number.POSITIVE_INFINITY })
    yield* sql`
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS ${sql.literal(`$$
          BEGIN
            IF new.monitor_id = '${constraint.id}' THEN
              RAISE EXCEPTION 'not this one' USING ERRCODE = 'check_violation';
            END IF;
            IF new.monitor_id = '${conversion.id}' THEN
              PERFORM 'no number'::integer;
            END IF;
            RETURN new;
          END
        $$`)}`
    yield* sql`CREATE TRIGGER refuse BEFORE INSERT ON check_results FOR EACH ROW EXECUTE FUNCTION refuse()`
    let slowestMs = 0
    for (let round = 0; round < rounds; round++) {
      const slot = yield* now
      yield* load.publish(0, monitors, slot)
      const stored = count(world, `check_results WHERE scheduled_at = '${new Date(slot).toISOString()}'`)
      yield* eventually(stored, (n) => n === monitors - 2, "30 seconds")
      slowestMs = Math.max(slowestMs, (yield* now) - slot)
    }
    const isQuiet = yield* world.quiet(20)
    const [ofNul] = yield* sql<{ readonly n: number }>`
        SELECT count(*)::int AS n FROM check_results WHERE monitor_id = ${nul.id} AND status = 'Down'`

    yield* Effect.flatMap(apps.producer(), awaitStarted)
    yield* eventually(count(world, "check_results_default"), (n) => n === 0, "60 seconds")
    const moved = yield* count(world, partition)
    return yield* rowOf(rowsRefused, world, {
      recoverMs: slowestMs,
      confirmMs: Number.POSITIVE_INFINITY,
      twiceAtMost: 2 * rounds,
      deadAtMost: 2 * rounds,
      breaches: [
        ...expect("nothing stays pending", isQuiet, "entries still pending after 20 s"),
        ...expect("good neighbours are stored within 5 s", slowestMs <= 5_000, `${slowestMs} ms`),
        ...expect("an answer with NUL is stored", ofNul?.n === rounds, `${ofNul?.n} rows of ${rounds}`),
        ...expect("what has no partition is stored", strays === monitors, `${strays} rows of ${monitors}`),
        ...expect("the partition is made again", moved > 0, "it is empty"),
      ],
      remarks: [`${strays} rows stored without a partition of their own, ${moved} in it afterwards`],
    })
  }),
}
