import { Effect } from "effect"
import { eventually } from "../../../packages/testing/src/Eventually.ts"
import * as TcpProxy from "../../../packages/testing/src/TcpProxy.ts"
import { webhookReceiver } from "../../../packages/testing/src/WebhookReceiver.ts"
import { becomes } from "../Becomes.ts"
import type { Fault } from "../Fault.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"
import type { World } from "../World.ts"

/** Messages of the outbox that are still to be sent. */
const unsent = ({ sql }: World): Effect.Effect<number, unknown> =>
  Effect.map(
    sql<{ readonly n: number }>`SELECT count(*)::int AS n FROM alert_outbox WHERE state = 'pending'`,
    ([row]) => row?.n ?? 0,
  )

/**
 * The receiver of one channel is down, answers 500, answers 429, or takes messages and answers after the sender has given up,
 * while a site goes down in each of these times; the owner's second channel is to learn of it at once.
 */
export const notificationsBroken: Fault = {
  id: "F33",
  name: "a receiver of notifications broken in four ways",
  promise: "each message comes, once after de-duplication; the other channel is told within 5 s all the while",
  world: { regions: ["USA"] },
  limitSeconds: 480,
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, now, plan, receiver, sql } = world
    const way = yield* TcpProxy.make(Number(new URL(receiver.url).port))
    const other = yield* webhookReceiver
    const load = yield* monitorLoad(world, 20)
    yield* sql`
        UPDATE channels SET config = jsonb_set(config, '{url}', to_jsonb(${`http://127.0.0.1:${way.port}/broken`}::text))`
    yield* sql`
        INSERT INTO channels (id, user_id, kind, name, config, enabled, is_default, created_at, updated_at)
        SELECT gen_random_uuid(), user_id, 'webhook', 'Another',
          jsonb_set(config, '{url}', to_jsonb(${`${other.url}/other`}::text)), true, true, now(), now()
        FROM channels`
    yield* startAll([apps.worker("USA", { observed: true }), apps.producer({ observed: true })])
    yield* Effect.sleep("12 seconds")

    const ways = [
      { name: "down", begin: way.refuse },
      { name: "500", begin: receiver.answer(500) },
      { name: "429", begin: receiver.answer(429) },
      { name: "slow", begin: receiver.answer(200, 15_000) },
    ]
    const victims = plan.shuffle(load.ids)
    const took: Array<string> = []
    let toldMs = 0
    for (const [i, { begin, name }] of plan.shuffle(ways).entries()) {
      const victim = victims[i]
      if (victim === undefined) continue
      yield* begin
      const restore = yield* load.takeDown(victim)
      const told = (change: string) =>
        Effect.map(other.received, (all) => all.find(({ body }) => body.includes(victim) && body.includes(change)))
      const first = yield* eventually(told("incident.opened"), (message) => message !== undefined, "60 seconds").pipe(
        Effect.catchAllCause(() => Effect.succeed(undefined)),
      )
      const [message] = yield* sql<{ readonly due: number }>`
          SELECT date_part('epoch', min(due_at)) * 1000 AS due FROM alert_outbox
          JOIN incident_monitors USING (incident_id) WHERE monitor_id = ${victim}`
      const lateMs = first === undefined ? Number.POSITIVE_INFINITY : first.at - (message?.due ?? 0)
      took.push(`${name} ${Math.round(lateMs)} ms`)
      toldMs = Math.max(toldMs, lateMs)
      yield* Effect.sleep(isWhole ? "30 seconds" : "11 seconds")
      yield* way.heal
      yield* receiver.answer(200)
      yield* restore
      // A second monitor that goes down meanwhile would join the first one's incident, and be told of as its change.
      yield* eventually(told("incident.resolved"), (message) => message !== undefined, "60 seconds").pipe(
        Effect.catchAllCause(() => Effect.void),
      )
    }
    const healed = yield* now
    const isSent = yield* becomes(unsent(world), (n) => n === 0, "120 seconds")
    const recoverMs = (yield* now) - healed
    const isQuiet = yield* load.rest
    const others = yield* other.received
    const [owed] = yield* sql<{ readonly n: number }>`
        SELECT count(*)::int AS n FROM alert_outbox JOIN channels ON channels.id = channel_id WHERE name = 'Another'`
    const keys = new Set(others.map(({ key }) => key)).size
    return yield* rowOf(notificationsBroken, world, {
      detectMs: toldMs,
      recoverMs,
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending"),
        ...expect("everything is sent", isSent, "messages still to be sent after 120 s"),
        ...expect("the other channel is told within 5 s", toldMs <= 5_000, took.join(", ")),
        ...expect(
          "the other channel is told each once",
          keys === owed?.n && others.length === keys,
          `${others.length} messages, ${keys} keys, ${owed?.n} owed`,
        ),
      ],
      remarks: [
        `the other channel was told after: ${took.join(", ")}; ${others.length} messages, ${keys} of them distinct`,
      ],
    })
  }),
}
