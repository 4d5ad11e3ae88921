import { Effect, type Scope } from "effect"
import { Redis } from "ioredis"
import { eventually } from "./Eventually.ts"
import { freePort } from "./FreePort.ts"
import { redisBinary } from "./RedisBinary.ts"
import { ServerError } from "./ServerProcess.ts"
import { type Server, startRedis } from "./Servers.ts"

/** A Redis Cluster of one's own on 127.0.0.1. */
export interface RedisCluster {
  /** `redis+cluster://…` with all nodes. */
  readonly url: string
  /** Its nodes: masters first, then a replica of each if there are any. */
  readonly nodes: ReadonlyArray<Server>
  /** The node that has the slot of a key now, as the nodes that are up see it. */
  readonly masterOf: (key: string) => Effect.Effect<Server>
}

const slots = 16_384

/** How long a node may be silent before the others call it failed, in milliseconds. */
const nodeTimeoutMs = 1_000

/**
 * Starts a cluster with its slots shared out evenly. It keeps nothing on disk but who its nodes are, so that a node that was
 * killed comes back empty; while one is away the others go on (`cluster-require-full-coverage no`).
 *
 * @param options.masters how many nodes have slots; three unless given
 * @param options.hasReplicas whether each has a replica that takes its place
 */
export const startRedisCluster = Effect.fnUntraced(function* (
  options: { readonly masters?: number; readonly hasReplicas?: boolean } = {},
): Effect.fn.Return<RedisCluster, ServerError, Scope.Scope> {
  const { hasReplicas = false, masters = 3 } = options
  if ((yield* redisBinary)._tag !== "Program") {
    return yield* new ServerError({ server: "Redis", reason: "a cluster needs redis-server on the PATH" })
  }
  const nodes = yield* Effect.forEach(
    Array.from({ length: hasReplicas ? masters * 2 : masters }, (_, i) => i),
    Effect.fnUntraced(function* () {
      const busPort = yield* freePort
      const server = yield* startRedis({ flags: clusterFlags(busPort) })
      return { ...server, busPort }
    }),
    { concurrency: "unbounded" },
  )
  const [first, ...others] = nodes
  if (first === undefined) return yield* new ServerError({ server: "Redis", reason: "a cluster has a node at least" })
  for (const [i, { port }] of nodes.slice(0, masters).entries()) {
    const from = Math.ceil((i * slots) / masters)
    const to = Math.ceil(((i + 1) * slots) / masters) - 1
    yield* ask(port, ["ADDSLOTSRANGE", from, to])
  }
  for (const { busPort, port } of others) {
    yield* ask(first.port, ["MEET", "127.0.0.1", port, busPort])
  }
  yield* eventually(
    Effect.forEach(nodes, ({ port }) => Effect.map(ask(port, ["INFO"]), String)),
    (infos) => infos.every((info) => info.includes(`cluster_known_nodes:${nodes.length}\r`)),
    "20 seconds",
  )
  for (const [i, { port }] of nodes.slice(masters).entries()) {
    const master = nodes[i]
    if (master === undefined) continue
    const id = yield* ask(master.port, ["MYID"])
    yield* Effect.retry(ask(port, ["REPLICATE", String(id)]), { times: 20 })
  }
  yield* eventually(
    Effect.forEach(nodes, ({ port }) => Effect.map(ask(port, ["INFO"]), String)),
    (infos) => infos.every((info) => info.includes("cluster_state:ok") && info.includes(`cluster_size:${masters}\r`)),
    "20 seconds",
  )
  if (hasReplicas) {
    yield* eventually(
      ask(first.port, ["SLOTS"]),
      (ranges) => Array.isArray(ranges) && ranges.every((range) => Array.isArray(range) && range.length > 3),
      "20 seconds",
    )
  }

  const masterOf = Effect.fnUntraced(function* (key: string) {
    const [ranges, slot] = yield* Effect.all([
      Effect.firstSuccessOf(nodes.map(({ port }) => ask(port, ["SLOTS"]))),
      Effect.firstSuccessOf(nodes.map(({ port }) => ask(port, ["KEYSLOT", key]))),
    ])
    for (const range of Array.isArray(ranges) ? ranges : []) {
      const [from, to, master] = Array.isArray(range) ? range : []
      if (!(Number(from) <= Number(slot) && Number(slot) <= Number(to))) continue
      const found = nodes.find(({ port }) => Array.isArray(master) && master[1] === port)
      if (found !== undefined) return found
    }
    return yield* Effect.dieMessage(`no node has the slot of ${key}`)
  }, Effect.orDie)

  return {
    nodes,
    url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`,
    masterOf,
  }
})

const clusterFlags = (busPort: number): ReadonlyArray<string> => [
  ...["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-port", String(busPort)],
  ...["--cluster-node-timeout", String(nodeTimeoutMs), "--cluster-require-full-coverage", "no"],
  ...["--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0"],
]

/** One `CLUSTER` command to one node. */
const ask = (port: number, args: ReadonlyArray<string | number>): Effect.Effect<unknown, ServerError> =>
  Effect.acquireUseRelease(
    Effect.sync(() =>
      new Redis({ port, host: "127.0.0.1", retryStrategy: () => null, maxRetriesPerRequest: 0 }).on("error", () => {}),
    ),
    (redis) =>
      Effect.tryPromise({
        try: () => redis.call("cluster", [...args]),
        catch: (cause) => new ServerError({ server: "Redis", reason: String(cause) }),
      }),
    (redis) => Effect.sync(() => redis.disconnect()),
  )
