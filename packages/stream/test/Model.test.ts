import { assert, describe } from "@effect/vitest"
import { CheckStream, type Consumer, type Delivery, maxEntryAgeMs } from "@uptime/stream/CheckStream"
import { Effect, Exit, FastCheck as fc, Scope } from "effect"
import { type Backend, clustered, memory, redis, sharded, Time } from "./Backend.ts"
import { india, job, jobs, numberOf, usa } from "./Jobs.ts"
import { GroupModel, type Handed } from "./StreamModel.ts"

const regions = [usa, india] as const
const names = ["a", "b", "c"] as const
const minIdleMs = 30_000

/** One step of a history. `picks` choose among what the consumer has in flight. */
const step = fc.record({
  kind: fc.constantFrom(
    ...([
      "publish",
      "read",
      "read",
      "acknowledge",
      "close",
      "idle",
      "idle",
      "keepFresh",
      "reclaim",
      "setAside",
      "trim",
    ] as const),
  ),
  region: fc.constantFrom(0, 1),
  name: fc.constantFrom(...names),
  count: fc.integer({ min: 1, max: 6 }),
  picks: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
})
const history = fc.array(step, { minLength: 1, maxLength: 80, size: "max" })

const told = (deliveries: ReadonlyArray<Delivery>): ReadonlyArray<Handed> =>
  deliveries.map((delivery) => {
    assert.deepStrictEqual(delivery.job, job(numberOf(delivery)))
    return { n: numberOf(delivery), deliveries: delivery.deliveries }
  })

/** Plays a history on a stream and on the model, and compares every answer. */
const play = (split: boolean) => (steps: ReadonlyArray<typeof step extends fc.Arbitrary<infer A> ? A : never>) =>
  Effect.gen(function* () {
    const stream = yield* CheckStream
    const time = yield* Time
    const parent = yield* Effect.scope
    const models = [new GroupModel(), new GroupModel()] as const
    const open = new Map<string, { readonly consumer: Consumer; readonly scope: Scope.CloseableScope }>()
    const known = new Map<number, Delivery>()
    let published = 0
    let trimmed = 0
    let passed = 0

    const consumerOf = Effect.fnUntraced(function* (region: 0 | 1, name: string) {
      const found = open.get(`${region}${name}`)
      if (found !== undefined) return found.consumer
      const scope = yield* Scope.fork(parent, { _tag: "Sequential" })
      const consumer = yield* Scope.extend(stream.consumer(regions[region], name), scope)
      open.set(`${region}${name}`, { consumer, scope })
      models[region].open(name)
      return consumer
    })

    const remember = (deliveries: ReadonlyArray<Delivery>) => {
      for (const delivery of deliveries) known.set(numberOf(delivery), delivery)
      return told(deliveries)
    }
    const idOf = (n: number) => known.get(n)?.id ?? "0-0"

    const readOnce = Effect.fnUntraced(function* (region: 0 | 1, name: string, count: number) {
      const consumer = yield* consumerOf(region, name)
      const expected = [...models[region].read(name, count, published)]
      if (expected.length === 0) return
      const read = [...(yield* consumer.read(count))]
      // Where places are shared out among shards, it may be in more pieces than in one stream, or in fewer.
      while (split && read.length < expected.length) {
        read.push(...(yield* consumer.read(expected.length - read.length)))
      }
      while (split && expected.length < read.length) {
        expected.push(...models[region].read(name, read.length - expected.length, published))
      }
      assert.deepStrictEqual(remember(read), expected)
    })

    for (const { count, kind, name, picks, region: at } of steps) {
      const region = at === 0 ? 0 : 1
      const model = models[region]
      if (kind === "publish") {
        yield* stream.publish(jobs(published, published + count - 1))
        published += count
        continue
      }
      if (kind === "idle") {
        // Short of the age at which entries are trimmed whether they are done or not.
        if (passed + count * 9_000 > maxEntryAgeMs / 2) continue
        passed += count * 9_000
        yield* time.idle(count * 9_000)
        for (const each of models) each.idle(count * 9_000)
        continue
      }
      if (kind === "trim") {
        const safe = Math.max(trimmed, Math.min(...models.map((each) => each.safe)))
        assert.deepStrictEqual(yield* stream.trim(regions), { acknowledged: safe - trimmed, expired: 0 })
        trimmed = safe
        continue
      }
      if (kind === "close") {
        const found = open.get(`${region}${name}`)
        if (found === undefined) continue
        open.delete(`${region}${name}`)
        model.close(name)
        yield* Scope.close(found.scope, Exit.void)
        continue
      }
      const consumer = yield* consumerOf(region, name)
      const chosen = model.inFlight(name).filter((_, i) => picks[i % picks.length] === true)
      switch (kind) {
        case "read":
          // A read that finds nothing but worn-out leftovers waits; the model alone makes that step.
          if (model.leftover(name).length > 0 || model.next < published) yield* readOnce(region, name, count)
          break
        case "acknowledge":
          model.finish(chosen)
          yield* consumer.acknowledge(chosen.map(idOf))
          break
        case "setAside":
          model.setAside(chosen)
          yield* consumer.setAside(
            chosen.flatMap((n) => known.get(n) ?? []),
            "rejected",
            "by the model",
          )
          break
        case "keepFresh": {
          const all = [...model.held.keys()]
          const lost = yield* consumer.keepFresh(all.map(idOf))
          assert.deepStrictEqual(lost, model.keepFresh(name, all).map(idOf))
          break
        }
        case "reclaim": {
          const expected = model.reclaim(name, count, minIdleMs)
          const reclaimed = yield* consumer.reclaim(count, minIdleMs)
          assert.deepStrictEqual(remember(reclaimed.deliveries), expected.handed)
          assert.deepStrictEqual(told(reclaimed.dead), expected.dead)
          assert.strictEqual(reclaimed.trimmed, 0)
        }
      }
    }

    const states = yield* stream.groups(regions)
    for (const [i, model] of models.entries()) {
      const { dead, lag, pending } = states[i] ?? { dead: -1, lag: -1, pending: -1 }
      assert.deepStrictEqual(
        { dead, lag, pending },
        { dead: model.dead, lag: published - model.next, pending: model.held.size },
      )
      assert.strictEqual(model.done.size + model.dead + model.held.size + published - model.next, published)
    }
  })

const suite = ({ name, prop }: Backend, numRuns: number, split = false) =>
  describe(`CheckStream ${name}`, () => {
    prop(
      "does as a naive model does: it loses nothing, hands nothing out twice unless idle, and counts deliveries",
      history,
      play(split),
      numRuns,
    )
  })

suite(memory, 100)
suite(redis, 60)
suite(sharded, 30, true)
suite(clustered, 8, true)
