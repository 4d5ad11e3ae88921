import { Socket } from "node:net"
import { SqlClient } from "@effect/sql/SqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import { failureText } from "@uptime/runtime/FailureText"
import { Clock, Context, Data, Effect, Layer, Redacted, type Scope } from "effect"
import pg from "pg"
import { LeanReads } from "./LeanReads.ts"
import { prepareOften } from "./PreparedStatements.ts"
import { failAs } from "./SqlFailure.ts"
import { sqlStateOf } from "./SqlState.ts"
import { StoreError } from "./StoreError.ts"

/** Where a PostgreSQL server is, and how it is used. */
export interface PostgresOptions {
  readonly url: Redacted.Redacted
  /** What the server's own views call these connections. */
  readonly applicationName: string
  readonly maxConnections: number
  /** Lets statements take as long as they need: for migrations. */
  readonly patient?: boolean
}

/** The server is there and will not have us: a wrong password, no such database, an address that is none. */
export class DatabaseRefused extends Data.TaggedError("DatabaseRefused")<{
  readonly message: string
  readonly cause: unknown
}> {}

/** A statement of ours that takes longer, in milliseconds, is ended by the server. */
export const statementLimitMs = 10_000

/** A connection in use that is silent for longer, in milliseconds, is cut: the server, or the way to it, is gone. */
export const silenceLimitMs = 15_000

/** What stores ask of a database: a client, the same one with what only PostgreSQL has, and what reads at less cost. */
export type Database = SqlClient | PgClient.PgClient | LeanReads

/**
 * A client over a pool of connections of our own. A server that is away at the start is waited for, in one line per five
 * seconds; once started, its absence shows as failing queries, and the pool heals by itself when it is back.
 */
export const layer = (options: PostgresOptions): Layer.Layer<Database, DatabaseRefused> =>
  Layer.unwrapEffect(Effect.as(checkUrl(options), overPool(acquirePool(poolConfig(options), options.patient === true))))

/** The client over a pool, once the database has answered. */
export const overPool = (acquire: Effect.Effect<pg.Pool, never, Scope.Scope>): Layer.Layer<Database, DatabaseRefused> =>
  Layer.unwrapScoped(
    Effect.map(acquire, (pool) =>
      Layer.provideMerge(
        LeanReads.layer(pool),
        Layer.orDie(PgClient.layerFromPool({ acquire: Effect.succeed(pool) })).pipe(
          Layer.tap((context) => Effect.provideService(awaitDatabase, SqlClient, Context.get(context, SqlClient))),
        ),
      ),
    ),
  )

/** Fails unless the database answers within two seconds: what readiness asks. */
export const ready: Effect.Effect<void, StoreError, SqlClient> = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql`SELECT 1`.pipe(
    failAs("PostgresSql.ready"),
    // An interrupted query is cancelled through the very database that does not answer: not to be waited for.
    Effect.disconnect,
    Effect.timeoutFail({
      duration: "2 seconds",
      onTimeout: () =>
        new StoreError({
          reason: "unavailable",
          operation: "PostgresSql.ready",
          cause: new Error("no answer within 2 s"),
        }),
    }),
  )
}).pipe(Effect.withTracerEnabled(false))

/**
 * A pool that is closed with the scope. Whole numbers beyond 32 bits come as numbers; one that a number cannot hold is an
 * error, not another number.
 *
 * @param patient without a limit on the silence of a connection in use, and without statements that are prepared, since what
 * migrates changes tables beneath them
 */
export const acquirePool = (config: pg.PoolConfig, patient = false): Effect.Effect<pg.Pool, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const pool = new pg.Pool(config)
      // A connection that breaks while idle is replaced when it is needed; without a listener it would end the process.
      pool.on("error", () => undefined)
      pool.on("connect", (client) => {
        client.setTypeParser(20, parseInt8)
      })
      if (!patient) {
        cutSilent(pool)
        prepareOften(pool)
      }
      return pool
    }),
    (pool) =>
      Effect.promise(() => pool.end()).pipe(Effect.interruptible, Effect.timeoutOption("5 seconds"), Effect.asVoid),
  )

/**
 * The driver's own limit fails the query and keeps the connection, which then fails the next one. Queries that were
 * interrupted leave theirs busy in the pool, so what counts is not who has it but whether an answer is due.
 *
 * Where one connection has died in silence, those that idle are likely to have died with it, and each would take the limit to
 * find out: they go too, and cost a few milliseconds to make again.
 */
const cutSilent = (pool: pg.Pool): void => {
  const idle = new Set<pg.PoolClient>()
  pool.on("acquire", (client) => idle.delete(client))
  pool.on("release", (_, client) => idle.add(client))
  pool.on("remove", (client) => idle.delete(client))
  pool.on("connect", (client) => {
    const { stream } = client.connection
    if (!(stream instanceof Socket)) return
    stream.setTimeout(silenceLimitMs, () => {
      if (Reflect.get(client, "readyForQuery") === true) return
      const silence = new Error(`Connection terminated: silent for ${silenceLimitMs / 1000} s`)
      // These first, by an error as well: so they have left the pool before whoever waits here tries again.
      for (const other of idle) other.connection.stream.destroy(silence)
      stream.destroy(silence)
    })
  })
}

const parseInt8 = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`a bigint that no number can hold: ${text}`)
  return value
}

const poolConfig = (options: PostgresOptions): pg.PoolConfig => ({
  connectionString: Redacted.value(options.url),
  application_name: options.applicationName,
  max: options.maxConnections,
  connectionTimeoutMillis: 5000,
  idleTimeoutMillis: 30_000,
  maxLifetimeSeconds: 1800,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  // Compiling a statement takes up to a second, and none of ours runs that long without it. Not by a start-up option, which
  // poolers in between refuse.
  onConnect: (client) => client.query("SET jit = off").then(() => undefined),
  lock_timeout: 5000,
  idle_in_transaction_session_timeout: 30_000,
  // The driver's `query_timeout` would wrap every callback in one that V8 puts among the old objects, and all that it leads to:
  // `cutSilent` does what it is for.
  ...(options.patient === true ? {} : { statement_timeout: statementLimitMs }),
})

const checkUrl = (options: PostgresOptions): Effect.Effect<void, DatabaseRefused> =>
  Effect.try({
    try: () => new pg.Client(poolConfig(options)),
    // The driver's own text quotes the address, password and all.
    catch: () => new DatabaseRefused({ message: "the database's address is not a valid URL", cause: undefined }),
  })

const awaitDatabase: Effect.Effect<void, DatabaseRefused, SqlClient> = Effect.gen(function* () {
  let nextLine = 0
  while (true) {
    const failure = yield* Effect.flip(ready).pipe(Effect.option)
    if (failure._tag === "None") return
    const { cause } = failure.value
    const state = sqlStateOf(cause)
    if (state !== null && refusals.some((prefix) => state.startsWith(prefix))) {
      return yield* new DatabaseRefused({
        message: `the database refuses us: ${failureText(serverError(cause))}`,
        cause,
      })
    }
    const now = yield* Clock.currentTimeMillis
    if (now >= nextLine) {
      nextLine = now + 5000
      yield* Effect.logWarning(`waiting for the database: ${failureText(serverError(cause))}`)
    }
    yield* Effect.sleep("500 millis")
  }
})

/** Wrong credentials, and a database that does not exist. */
const refusals: ReadonlyArray<string> = ["28", "3D000"]

/** Without the wrapping that only says that a statement failed. */
const serverError = (cause: unknown): unknown =>
  cause instanceof Error && cause.cause !== undefined ? cause.cause : cause
