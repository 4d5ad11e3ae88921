import * as Crypto from "node:crypto"
import { Context, Effect, Layer } from "effect"
import { Redis } from "ioredis"

const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

/** A client beside the one under test, to look at the server and to do what others may do to it. */
export class RawRedis extends Context.Tag("@uptime/stream/test/RawRedis")<
  RawRedis,
  {
    readonly call: (command: string, ...args: ReadonlyArray<string | number>) => Effect.Effect<unknown>
    /** The server's time in milliseconds since the epoch. */
    readonly now: Effect.Effect<number>
    /** Adds to the idle time of all pending entries of a stream. */
    readonly idle: (key: string, ms: number) => Effect.Effect<void>
    /** How many clients wait for an answer that the server holds back. */
    readonly waiting: Effect.Effect<number>
    /** The entries of a stream, each as its fields. */
    readonly entries: (key: string) => Effect.Effect<ReadonlyArray<Readonly<Record<string, string>>>>
  }
>() {
  static readonly layer = (url: string): Layer.Layer<RawRedis> =>
    Layer.scoped(
      this,
      Effect.gen(function* () {
        const redis = yield* Effect.acquireRelease(
          Effect.sync(() =>
            new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null }).on("error", () => {}),
          ),
          (client) => Effect.sync(() => client.disconnect()),
        )
        const call = (command: string, ...args: ReadonlyArray<string | number>) =>
          Effect.promise(() => redis.call(command, [...args]))
        const now = Effect.map(
          Effect.promise(() => redis.time()),
          ([seconds, micros]) => Number(seconds) * 1000 + Math.floor(Number(micros) / 1000),
        )
        return RawRedis.of({
          call,
          now,
          idle: (key, ms) =>
            Effect.gen(function* () {
              if ((yield* call("exists", key)) === 0) return
              for (const group of list(yield* call("xinfo", "GROUPS", key))) {
                const name = String(list(group)[1])
                for (const row of list(yield* call("xpending", key, name, "-", "+", 10_000))) {
                  const [id, owner, idle] = list(row)
                  yield* call(
                    ...(["xclaim", key, name, String(owner), 0, String(id)] as const),
                    ...["IDLE", Number(idle) + ms, "JUSTID"],
                  )
                }
              }
            }),
          waiting: Effect.map(
            Effect.promise(() => redis.info("clients")),
            (info) => Number(/blocked_clients:(\d+)/.exec(info)?.[1] ?? 0),
          ),
          entries: (key) =>
            Effect.map(call("xrange", key, "-", "+"), (rows) =>
              list(rows).map((row) => {
                const fields = list(list(row)[1]).map(String)
                const entry: Record<string, string> = {}
                for (let i = 0; i < fields.length; i += 2) entry[fields[i] ?? ""] = fields[i + 1] ?? ""
                return entry
              }),
            ),
        })
      }),
    )
}

/** A stream that no other test uses. */
export const randomStreamKey = Effect.sync(() => `test:${Crypto.randomUUID()}`)
