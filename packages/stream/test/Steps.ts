import type { Region } from "@uptime/domain/Region"
import { CheckStream, type Consumer, type Delivery } from "@uptime/stream/CheckStream"
import { Effect, Exit, Scope } from "effect"
import { numberOf } from "./Jobs.ts"

export const numbers = (deliveries: ReadonlyArray<Delivery>) => deliveries.map(numberOf)
export const ids = (deliveries: ReadonlyArray<Delivery>) => deliveries.map(({ id }) => id)

/** What a consumer is handed until it was handed `count` jobs. */
export const readAll = (consumer: Consumer, count: number) =>
  Effect.gen(function* () {
    const all = [...(yield* consumer.read(count))]
    while (all.length < count) {
      const more = yield* consumer.read(count - all.length)
      if (more.length === 0) break
      all.push(...more)
    }
    return all
  })

/** A consumer whose worker may die before the test ends: `close` ends it as its scope would. */
export const mortal = (region: Region, name: string) =>
  Effect.gen(function* () {
    const stream = yield* CheckStream
    const scope = yield* Scope.fork(yield* Effect.scope, { _tag: "Sequential" })
    const consumer = yield* Scope.extend(stream.consumer(region, name), scope)
    return { ...consumer, close: Scope.close(scope, Exit.void) }
  })

export const stateOf = (region: Region) =>
  Effect.gen(function* () {
    const stream = yield* CheckStream
    const [state] = yield* stream.groups([region])
    if (state === undefined) return yield* Effect.die("no state")
    return state
  })
