import * as Reactivity from "@effect/experimental/Reactivity"
import * as HttpServer from "@effect/platform/HttpServer"
import * as SqlClient from "@effect/sql/SqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Mailer } from "@uptime/alerting/Mailer"
import { SubscriberHttp } from "@uptime/alerting/SubscriberHttp"
import { apiLayer } from "@uptime/api/Api"
import type { ApiSettingsValue } from "@uptime/api/ApiSettings"
import type { ApiStores } from "@uptime/api/ApiStores"
import { RateLimits } from "@uptime/api/auth/RateLimits"
import { WebFiles } from "@uptime/api/http/WebFiles"
import { defaultRegions } from "@uptime/domain/Region"
import { LeanReads } from "@uptime/persistence/LeanReads"
import { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { publicOnly } from "@uptime/prober/TargetGuard"
import { TxtRecords } from "@uptime/prober/TxtRecords"
import { Health } from "@uptime/runtime/Health"
import { httpServerLayer } from "@uptime/runtime/HttpServer"
import { SecretBox } from "@uptime/runtime/SecretBox"
import type { CheckStream } from "@uptime/stream/CheckStream"
import type { Events } from "@uptime/stream/Events"
import * as MemoryEvents from "@uptime/stream/MemoryEvents"
import * as MemoryTestRuns from "@uptime/stream/MemoryTestRuns"
import type { TestRuns } from "@uptime/stream/TestRuns"
import { Context, Duration, Effect, Layer, Logger, LogLevel, Option, Redacted, type Scope } from "effect"

/** The settings of tests: passwords that are hashed fast, all else as in production. */
export const testSettings: ApiSettingsValue = {
  jwtSecret: Redacted.make("b7QTrEZn0Wq1lMSd6kCJxH4yUu9aPvGf"),
  jwtExpiresIn: Duration.days(7),
  signup: "open",
  defaultInterval: 180,
  regions: defaultRegions,
  publicUrl: Option.none(),
  corsOrigins: [],
  trustedProxies: ["127.0.0.1"],
  targetPolicy: publicOnly,
  passwordCost: 4,
}

/** Seals under a key of tests. */
export const testSecrets = SecretBox.layer(Option.some(Redacted.make("iW5cXz0eL9rTqPnB2vKfYhJg8dUaMs3o")))

/** A client of no database: whoever asks it fails. */
export const noSql: Layer.Layer<SqlClient.SqlClient | LeanReads> = Layer.effect(
  SqlClient.SqlClient,
  SqlClient.make({
    acquirer: Effect.dieMessage("there is no database in this test"),
    compiler: PgClient.makeCompiler(),
    spanAttributes: [],
  }),
).pipe(Layer.provide(Reactivity.layer), Layer.merge(Layer.mock(LeanReads, {})))

/** Name servers that know no record. */
const noRecords = Layer.succeed(TxtRecords, { lookup: () => Effect.succeed([]) })

/** What an api of a test stands on. */
export interface ServeOptions<E> {
  readonly stores: Layer.Layer<ApiStores | SqlClient.SqlClient, E>
  readonly stream: Layer.Layer<CheckStream, E>
  readonly settings?: Partial<ApiSettingsValue>
  readonly limits?: Layer.Layer<RateLimits>
  readonly secrets?: Layer.Layer<SecretBox>
  readonly events?: Layer.Layer<Events>
  readonly testRuns?: Layer.Layer<TestRuns>
  readonly mailer?: Layer.Layer<Mailer>
  readonly records?: Layer.Layer<TxtRecords>
  readonly subscriberHttp?: Layer.Layer<SubscriberHttp>
  readonly web?: Layer.Layer<WebFiles, E>
  /** What every line of its log is given to, whatever its level; there is no log unless it is given. */
  readonly onLine?: (line: string) => void
}

/** An api on a port of its own, until the scope closes; its address. */
export const serveApi = <E>(options: ServeOptions<E>): Effect.Effect<string, never, Scope.Scope> =>
  Effect.gen(function* () {
    const policy = options.settings?.targetPolicy ?? testSettings.targetPolicy
    const server = yield* Layer.build(httpServerLayer({ host: "127.0.0.1", port: 0, graceMs: 500 }))
    yield* Layer.build(
      apiLayer({ ...testSettings, ...options.settings }).pipe(
        Layer.provide(Layer.succeedContext(server)),
        Layer.provide(Health.layer({})),
        Layer.provide([
          options.stores,
          options.stream,
          options.events ?? MemoryEvents.layer,
          options.testRuns ?? MemoryTestRuns.layer,
          options.web ?? WebFiles.none,
          options.limits ?? RateLimits.layerMemory,
          options.secrets ?? testSecrets,
          GuardedHttp.layer(policy),
          options.records ?? noRecords,
          options.subscriberHttp ?? SubscriberHttp.layer([]),
          options.mailer ?? Mailer.layer(policy, { installation: Option.none() }),
        ]),
      ),
    )
    const { address } = Context.get(server, HttpServer.HttpServer)
    return address._tag === "TcpAddress" ? `http://127.0.0.1:${address.port}` : yield* Effect.dieMessage("no port")
  }).pipe(Effect.provide(logTo(options.onLine)), Effect.orDie)

const logTo = (onLine: ServeOptions<never>["onLine"]) =>
  onLine === undefined
    ? Logger.minimumLogLevel(LogLevel.None)
    : Layer.merge(
        Logger.minimumLogLevel(LogLevel.All),
        Logger.replace(
          Logger.defaultLogger,
          Logger.make((entry) => onLine(Logger.jsonLogger.log(entry))),
        ),
      )

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** What of a request a test says; `json` becomes the body and its content type. */
export interface Call {
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly body?: NonNullable<RequestInit["body"]>
}

/** One request, as any client would send it, and its answer. */
export const call = (base: string, route: string, options: Call = {}): Effect.Effect<Answer> =>
  Effect.promise(async (signal) => {
    const [method = "GET", path = "/"] = route.split(" ")
    const body = options.json === undefined ? options.body : JSON.stringify(options.json)
    const response = await fetch(base + path, {
      method,
      signal,
      redirect: "manual",
      headers: {
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...(options.json === undefined ? {} : { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
    })
    // A stream of events has no end: its beginning is the answer.
    if (response.headers.get("content-type") === "text/event-stream") {
      await response.body?.cancel()
      return { status: response.status, headers: response.headers, text: "" }
    }
    return { status: response.status, headers: response.headers, text: await response.text() }
  })
