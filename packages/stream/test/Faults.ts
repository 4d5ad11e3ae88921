import type { StreamError } from "@uptime/stream/CheckStream"
import * as RedisStream from "@uptime/stream/RedisStream"
import { eventually } from "@uptime/testing/Eventually"
import { Clock, Effect, Layer, Logger, LogLevel, Redacted } from "effect"
import { RawRedis } from "./RawRedis.ts"

/** The stream's key on a server of the test's own. */
export const key = "stream"
export const timeout = 60_000

const urlOf = (port: number) => `redis://127.0.0.1:${port}`
export const streamAt = (port: number) => RedisStream.layer({ url: Redacted.make(urlOf(port)), key })

/** The stream as reached through a port, kept for the rest of the test. */
export const connect = (port: number) => Layer.build(streamAt(port))

/** What a call answered, and after how many milliseconds. */
export const timed = <A>(call: Effect.Effect<A, StreamError>) =>
  Effect.gen(function* () {
    const start = yield* Clock.currentTimeMillis
    const exit = yield* Effect.either(call)
    return { answer: exit._tag === "Left" ? exit.left.reason : "ok", ms: (yield* Clock.currentTimeMillis) - start }
  })

export const untilThere = (list: ReadonlyArray<{ readonly n: number }>, n: number, limit: number) =>
  eventually(
    Effect.sync(() => list.some((one) => one.n === n)),
    (there) => there,
    limit,
  )

/** Until a reader waits at the server, which counts the entries that come as handed out. */
export const untilWaiting = Effect.flatMap(RawRedis, (raw) => eventually(raw.waiting, (count) => count === 1, 5_000))

/** Keeps the lines that are logged at warning and above. */
export const collectWarnings = (lines: Array<string>) =>
  Logger.replace(
    Logger.defaultLogger,
    Logger.make(({ logLevel, message }) => {
      if (LogLevel.greaterThanEqual(logLevel, LogLevel.Warning)) lines.push(String(message))
    }),
  )
