import { parseRedisUrl, type RedisCluster, type RedisNode } from "@uptime/runtime/RedisUrl"
import { Effect, Either, Redacted } from "effect"
import { Command } from "ioredis"
import * as RedisClient from "./RedisClient.ts"

/** Where the server is that holds a key. */
export interface RedisLocation {
  /** The URL to connect to now. In a cluster its nodes are asked, one after the other, until one knows. */
  readonly locate: Effect.Effect<Redacted.Redacted<string>, RedisClient.UnsupportedRedis | RedisClient.Disconnected>
  /** Whether the key may be found elsewhere later. */
  readonly isCluster: boolean
}

/** How long a node may take to say where the slots are, in milliseconds: one that hangs must not hold the others up. */
const askMs = 1_000

/** The slot of a cluster that a key is in, 0 to 16,383. */
export const slotOf = (key: string): number => new Command("get", [key]).getSlot() ?? 0

/**
 * The place of a key; one that is used by one connection.
 *
 * @param url as `parseRedisUrl` reads it; a process is not started with any other
 */
export const make = (url: Redacted.Redacted<string>, key: string): RedisLocation => {
  const servers = Either.getOrThrowWith(parseRedisUrl(Redacted.value(url)), (expected) => new Error(expected))
  return servers._tag === "Single"
    ? { locate: Effect.succeed(url), isCluster: false }
    : { locate: inCluster(servers, slotOf(key)), isCluster: true }
}

const inCluster = ({ nodes, urlOf }: RedisCluster, slot: number): RedisLocation["locate"] => {
  // The node that is asked first moves on, so that one which knows only an old state is not believed twice in a row.
  let known: ReadonlyArray<RedisNode> = nodes
  let turn = 0

  return Effect.gen(function* () {
    let failure: RedisClient.Disconnected | null = null
    turn++
    for (let i = 0; i < known.length; i++) {
      const asked = known[(turn + i) % known.length]
      if (asked === undefined) break
      const answer = yield* Effect.either(ask(Redacted.make(urlOf(asked)), asked))
      if (Either.isLeft(answer)) {
        if (answer.left._tag === "UnsupportedRedis") return yield* answer.left
        failure = answer.left
        continue
      }
      const seen = answer.right.flatMap(({ master, replicas }) => [master, ...replicas])
      const distinct = new Map([...seen, ...nodes].map((node) => [`${node.host} ${node.port}`, node]))
      known = [...distinct.values()]
      const range = answer.right.find(({ first, last }) => first <= slot && slot <= last)
      if (range !== undefined) return Redacted.make(urlOf(range.master))
      failure = new RedisClient.Disconnected({ cause: new Error(`no node of the cluster has slot ${slot}`) })
    }
    return yield* failure ?? new RedisClient.Disconnected({ cause: new Error("no node of the cluster is known") })
  })
}

/** A range of slots, its ends included, and who has it. */
interface SlotRange {
  readonly first: number
  readonly last: number
  readonly master: RedisNode
  readonly replicas: ReadonlyArray<RedisNode>
}

const ask = (url: Redacted.Redacted<string>, asked: RedisNode) =>
  Effect.acquireUseRelease(
    Effect.sync(() => RedisClient.make(url, "uptime-topology", () => undefined)),
    (client) =>
      Effect.zipRight(
        RedisClient.connect(client),
        Effect.tryPromise({
          try: () => client.redis.cluster("SLOTS"),
          catch: (cause) => new RedisClient.Disconnected({ cause }),
        }),
      ).pipe(
        Effect.timeoutFail({
          duration: askMs,
          onTimeout: () => new RedisClient.Disconnected({ cause: new Error("a node of the cluster does not answer") }),
        }),
      ),
    (client) => Effect.sync(client.close),
  ).pipe(Effect.map((reply) => slotRanges(reply, asked)))

const isList = (value: unknown): value is ReadonlyArray<unknown> => Array.isArray(value)

/** The ranges in an answer to CLUSTER SLOTS. A node that does not know its own address is where it was asked. */
const slotRanges = (reply: unknown, asked: RedisNode): ReadonlyArray<SlotRange> => {
  const toNode = (value: unknown): ReadonlyArray<RedisNode> => {
    if (!isList(value)) return []
    const [host, port] = value
    if (typeof port !== "number") return []
    return [{ host: typeof host === "string" && host !== "" && host !== "?" ? host : asked.host, port }]
  }
  return (isList(reply) ? reply : []).flatMap((value): ReadonlyArray<SlotRange> => {
    if (!isList(value)) return []
    const [first, last, ...rest] = value
    const [master, ...replicas] = rest.flatMap(toNode)
    return typeof first === "number" && typeof last === "number" && master !== undefined
      ? [{ first, last, master, replicas }]
      : []
  })
}
