import * as Crypto from "node:crypto"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { Region } from "@uptime/domain/Region"
import type { TestRunResult } from "@uptime/domain/TestRun"
import { Deferred, Effect, Either, Exit, FiberId, Layer, Option, RcRef, type Redacted, Schedule, Schema } from "effect"
import { awaitAnswer } from "./AwaitAnswer.ts"
import type { StreamError } from "./CheckStream.ts"
import * as RedisConnection from "./RedisConnection.ts"
import * as RedisScript from "./RedisScript.ts"
import * as RedisSubscription from "./RedisSubscription.ts"
import { answerChannel, testRunKey, testRunKeys } from "./StreamKeys.ts"
import { AnswerMessage, TestRunMessage } from "./TestRunMessages.ts"
import { maxWaitingRuns, NotTested, startWithinMs, type TakenRun, TestRuns, takeWaitMs } from "./TestRuns.ts"

/** How long a run that nobody took is kept, in milliseconds: it is taken back before, unless whoever asked has died. */
const runLifeMs = startWithinMs + 2_000

/** How long the list of what waits is kept after the last run, in milliseconds. */
const listLifeMs = 60_000

/** How often a worker says that it is there, and for how long that holds, in milliseconds. */
const presentEveryMs = 4_000
const presentForMs = 10_000

/** How long a read that waits for a run may take beyond that before its connection is replaced, in milliseconds. */
const blockGraceMs = 3_000

const decodeRun = Schema.decodeUnknownOption(TestRunMessage)
const encodeRun = Schema.encodeSync(TestRunMessage)
const decodeAnswer = Schema.decodeUnknownEither(AnswerMessage)
const encodeAnswer = Schema.encodeSync(AnswerMessage)

/**
 * Test runs over Redis, for any number of processes. What a run carries is a key of its own that ends by itself, its id waits
 * in its region's list, and the worker that takes the key has the run. The answer is published on the channel of the process
 * that asked, which listens only while it waits for one. Whoever dies leaves nothing that outlives a minute.
 *
 * @param options.key the key of the stream of jobs: all names are derived from it (`StreamKeys`)
 */
export const layer = (options: { readonly url: Redacted.Redacted; readonly key: string }): Layer.Layer<TestRuns> =>
  Layer.scoped(
    TestRuns,
    Effect.gen(function* () {
      const { key, url } = options
      // All keys of test runs are in this one's slot.
      const keySlot = testRunKey(key, "")
      const listener = Crypto.randomUUID()
      const commands = yield* RedisConnection.make({ url, key: keySlot, name: "uptime-tests", announce: false })
      const waiting = new Map<string, Deferred.Deferred<TestRunResult>>()

      const listening = yield* RcRef.make({
        acquire: RedisSubscription.listen({
          url,
          channel: answerChannel(key, listener),
          // Any node of a cluster takes an answer and tells all others: workers know no other than the one that runs are on.
          isSharded: false,
          name: "uptime-tests-answers",
          onMessage: (text) => {
            const answer = decodeAnswer(text)
            if (Either.isLeft(answer)) return
            const asked = waiting.get(answer.right.id)
            if (asked !== undefined) Deferred.unsafeDone(asked, Exit.succeed(answer.right.result))
          },
          onGap: () => undefined,
        }),
        idleTimeToLive: "1 minute",
      })

      const place = (region: Region, id: string, spec: CheckSpec) => {
        const keys = testRunKeys(key, region)
        const text = encodeRun({ v: 1, id, listener, spec })
        return commands.run("place test run", (redis) =>
          RedisScript.evaluate(
            redis,
            placeScript,
            [keys.waiting, keys.workers, testRunKey(key, id)],
            [id, text, maxWaitingRuns, runLifeMs, listLifeMs],
          ),
        )
      }

      const withdraw = (region: Region, id: string): Effect.Effect<boolean, StreamError> => {
        const keys = [testRunKeys(key, region).waiting, testRunKey(key, id)]
        const removed = commands.run("withdraw test run", (redis) =>
          RedisScript.evaluate(redis, withdrawScript, keys, [id]),
        )
        return Effect.map(removed, (count) => count === 1)
      }

      const take = Effect.fnUntraced(function* (region: Region, reader: RedisConnection.RedisConnection) {
        const popped = yield* reader.run(
          "await test run",
          (redis) => redis.blpop(testRunKeys(key, region).waiting, takeWaitMs / 1_000),
          { blocking: true, limitMs: takeWaitMs + blockGraceMs },
        )
        if (popped === null) return Option.none<TakenRun>()
        const text = yield* commands.run("take test run", (redis) => redis.getdel(testRunKey(key, popped[1])))
        return Option.map(
          decodeRun(text),
          (run): TakenRun => ({
            spec: run.spec,
            answer: (result) =>
              Effect.asVoid(
                commands.run("answer test run", (redis) =>
                  redis.publish(answerChannel(key, run.listener), encodeAnswer({ v: 1, id: run.id, result })),
                ),
              ),
          }),
        )
      })

      return TestRuns.of({
        ask: Effect.fnUntraced(function* (region, spec) {
          const id = Crypto.randomUUID()
          const answer = yield* Effect.acquireRelease(
            Effect.sync(() => {
              const asked = Deferred.unsafeMake<TestRunResult>(FiberId.none)
              waiting.set(id, asked)
              return asked
            }),
            () => Effect.sync(() => waiting.delete(id)),
          )
          yield* RcRef.get(listening)
          const placed = yield* place(region, id, spec)
          if (placed === "absent" || placed === "busy") return yield* new NotTested({ reason: placed })
          return yield* awaitAnswer(spec.timeoutMs, answer, withdraw(region, id))
        }, Effect.scoped),

        worker: Effect.fnUntraced(function* (region) {
          const reader = yield* RedisConnection.make({
            url,
            key: keySlot,
            name: "uptime-tests-reader",
            announce: false,
          })
          const announce = commands
            .run("announce test worker", (redis) =>
              redis.set(testRunKeys(key, region).workers, "1", "PX", presentForMs),
            )
            .pipe(Effect.catchAll((error) => Effect.logDebug(`tests are not taken yet: ${error.message}`)))
          yield* announce
          yield* announce.pipe(
            Effect.schedule(Schedule.spaced(presentEveryMs)),
            Effect.withTracerEnabled(false),
            Effect.interruptible,
            Effect.forkScoped,
          )
          return { take: take(region, reader) }
        }),
      })
    }),
  )

/** A run is placed only where a worker is, and where not too many wait. */
const placeScript = RedisScript.make(`
if redis.call('EXISTS', KEYS[2]) == 0 then return 'absent' end
if redis.call('LLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 'busy' end
redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[4])
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 'placed'
`)

/** Whoever removes the key has the run: this, or a worker. One that still waits was taken by nobody, also once its key ended. */
const withdrawScript = RedisScript.make(`
local waited = redis.call('LREM', KEYS[1], 1, ARGV[1])
local kept = redis.call('DEL', KEYS[2])
return math.max(waited, kept)
`)
