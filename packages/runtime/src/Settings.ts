import { IntervalSeconds } from "@uptime/domain/IntervalSeconds"
import { defaultIntervalSeconds } from "@uptime/domain/MonitorDefaults"
import { defaultRegions, Region } from "@uptime/domain/Region"
import { Config, ConfigError, Duration, Either, LogLevel, Option, type Redacted, Schema } from "effect"
import { addressRanges } from "./AddressRange.ts"
import { parseRedisUrl } from "./RedisUrl.ts"
import { optional, optionalSecret, required, secret, withDefault } from "./Variable.ts"

/**
 * Every variable that a process reads. Each app takes the ones it needs, all in one `Config.all`, so that a start with
 * several wrong values says so in one go. Defaults stand beside the variables; nothing else reads the environment.
 */

/** `DATABASE_URL`: where PostgreSQL is. */
export const databaseUrl: Config.Config<Redacted.Redacted> = secret("DATABASE_URL", {
  example: "postgres://uptime:password@127.0.0.1:5432/uptime",
  parse: (text) => urlWith(text, ["postgres:", "postgresql:"]),
})

/** `DATABASE_URL`, where an embedded database stands in for a missing one. */
export const databaseUrlOption: Config.Config<Option.Option<Redacted.Redacted>> = optionalSecret("DATABASE_URL", {
  example: "postgres://uptime:password@127.0.0.1:5432/uptime",
  parse: (text) => urlWith(text, ["postgres:", "postgresql:"]),
})

/** `REDIS_URL`: where Redis is; `rediss:` for TLS, `redis+cluster:` or `rediss+cluster:` for a cluster (`RedisUrl.ts`). */
export const redisUrl: Config.Config<Redacted.Redacted> = secret("REDIS_URL", {
  example: "redis://127.0.0.1:6379",
  parse: (text) => Either.map(parseRedisUrl(text), () => text),
})

/** `REDIS_URL`, where a stream in memory stands in for a missing one. */
export const redisUrlOption: Config.Config<Option.Option<Redacted.Redacted>> = optionalSecret("REDIS_URL", {
  example: "redis://127.0.0.1:6379",
  parse: (text) => Either.map(parseRedisUrl(text), () => text),
})

/** `STREAM_KEY`: the Redis key of the stream of jobs; `BetterUptime:Websites`. */
export const streamKey: Config.Config<string> = withDefault("STREAM_KEY", "BetterUptime:Websites", {
  example: "BetterUptime:Websites",
  parse: (text) =>
    /^[\x21-\x7e]{1,200}$/.test(text) ? Either.right(text) : Either.left("1 to 200 visible ASCII characters"),
})

/** The most shards that the stream may be split over. */
export const maxStreamShards = 128

/** `STREAM_SHARDS`: over how many keys the stream is split by a hash of the monitor, 1 to 128; 1, which is `STREAM_KEY` itself. */
export const streamShards: Config.Config<number> = withDefault("STREAM_SHARDS", 1, {
  example: "8",
  parse: whole(1, maxStreamShards),
})

/** `JWT_SECRET`: what session tokens are signed with. HS256 asks for 32 bytes at least (RFC 7518, 3.2). */
export const jwtSecret: Config.Config<Redacted.Redacted> = secret("JWT_SECRET", {
  example: '"$(openssl rand -base64 48)"',
  parse: jwtSecretText,
})

/** `JWT_SECRET`, where one is made and kept when none is given. */
export const jwtSecretOption: Config.Config<Option.Option<Redacted.Redacted>> = optionalSecret("JWT_SECRET", {
  example: '"$(openssl rand -base64 48)"',
  parse: jwtSecretText,
})

/**
 * `ENCRYPTION_KEY`: what the secrets of monitors and channels are sealed with, the same in every process of an
 * installation. Without one, none can be stored or used.
 */
export const encryptionKeyOption: Config.Config<Option.Option<Redacted.Redacted>> = optionalSecret("ENCRYPTION_KEY", {
  example: '"$(openssl rand -base64 48)"',
  parse: (text) => (text.length >= 32 ? Either.right(text) : Either.left("at least 32 characters long")),
})

/** `JWT_EXPIRES_IN`: how long a session token is good for, from a minute to a year; seven days. */
export const jwtExpiresIn: Config.Config<Duration.Duration> = withDefault("JWT_EXPIRES_IN", Duration.days(7), {
  example: "7d",
  parse: (text) => {
    const [, count, unit] = /^([1-9]\d{0,8})([smhdw])$/.exec(text) ?? []
    const seconds = Number(count) * (unitSeconds.get(unit ?? "") ?? Number.NaN)
    return seconds >= 60 && seconds <= 366 * 86_400
      ? Either.right(Duration.seconds(seconds))
      : Either.left("a whole number with a unit (s, m, h, d or w), from a minute to a year")
  },
})

/**
 * `PORT`: where the process listens; 0 takes any free one.
 *
 * @param fallback the app's own default (see `defaultPorts`)
 */
export const port = (fallback: number): Config.Config<number> =>
  withDefault("PORT", fallback, { example: String(fallback), parse: whole(0, 65_535) })

/** Where each process listens unless `PORT` says otherwise. */
export const defaultPorts = { api: 3000, producer: 3001, worker: 3002, standalone: 3000 } as const

/** `HOST`: the address to listen on; 127.0.0.1, which container images set to 0.0.0.0. */
export const host: Config.Config<string> = withDefault("HOST", "127.0.0.1", {
  example: "127.0.0.1",
  parse: (text) =>
    /^[A-Za-z0-9.:_-]{1,255}$/.test(text) ? Either.right(text) : Either.left("an address or a host name"),
})

/** `NODE_ENV`: `production` makes logs JSON; `development`. */
export const nodeEnv: Config.Config<string> = withDefault("NODE_ENV", "development", {
  example: "production",
  parse: (text) => Either.right(text),
})

/** `REGIONS`: every region that checks, distinct, at most 64; `USA,India`. */
export const regions: Config.Config<readonly [Region, ...Array<Region>]> = withDefault<
  readonly [Region, ...Array<Region>]
>("REGIONS", defaultRegions, {
  example: "USA,India",
  parse: (text) => {
    const [first, ...rest] = list(text)
    const names = [first, ...rest]
    return isRegion(first) && rest.every(isRegion) && new Set(names).size === names.length && names.length <= 64
      ? Either.right([first, ...rest])
      : Either.left("1 to 64 distinct names with commas between, each of 1 to 32 letters, digits, _ or -, letter first")
  },
})

/** `REGION`: the worker's own, one of `REGIONS`. */
export const region: Config.Config<Region> = Config.all([
  required("REGION", {
    example: "USA",
    parse: (text) =>
      isRegion(text) ? Either.right(text) : Either.left("one name of 1 to 32 letters, digits, _ or -, letter first"),
  }),
  regions,
]).pipe(
  Config.mapOrFail(([own, all]) =>
    all.includes(own)
      ? Either.right(own)
      : Either.left(
          ConfigError.InvalidData(
            [],
            `REGION must be one of REGIONS (${all.join(",")}), not "${own}"; for example REGION=${all[0]}`,
          ),
        ),
  ),
)

/** `PORT` of a worker: 3002 for the first region of `REGIONS`, one more for each next, so that one of each fits on a host. */
export const workerPort: Config.Config<number> = Config.all([
  optional("PORT", { example: String(defaultPorts.worker), parse: whole(0, 65_535) }),
  region,
  regions,
]).pipe(
  Config.map(([given, own, all]) => Option.getOrElse(given, () => defaultPorts.worker + Math.max(0, all.indexOf(own)))),
)

/** `DATA_DIR`: the folder of the embedded database; `./data`. */
export const dataDir: Config.Config<string> = withDefault("DATA_DIR", "./data", {
  example: "./data",
  parse: (text) => (text.includes("\u0000") ? Either.left("a folder's path") : Either.right(text)),
})

/** `PROBE_CONCURRENCY`: the most checks that a worker runs at once, 1 to 5,000; 200. */
export const probeConcurrency: Config.Config<number> = withDefault("PROBE_CONCURRENCY", 200, {
  example: "200",
  parse: whole(1, 5000),
})

/** An address of the operator's choice that answers while a worker's own network works. */
export interface Canary {
  /** A name, or an address without brackets. */
  readonly host: string
  readonly port: number
}

/** `CANARIES`: what a worker dials to learn whether its own network is gone, at most 8; none. */
export const canaries: Config.Config<ReadonlyArray<Canary>> = withDefault<ReadonlyArray<Canary>>("CANARIES", [], {
  example: "1.1.1.1:443,9.9.9.9:53",
  parse: (text) => {
    const found = list(text).flatMap((entry) => {
      const [, address, name, digits] =
        /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9._-]{1,253})):(\d{1,5})$/.exec(entry) ?? []
      const host = address ?? name
      const port = Number(digits)
      return host !== undefined && port >= 1 && port <= 65_535 ? [{ host, port }] : []
    })
    return found.length === list(text).length && found.length <= 8
      ? Either.right(found)
      : Either.left("at most 8 of host:port with commas between, an IPv6 address in brackets")
  },
})

/** `DEFAULT_INTERVAL`: seconds between the checks of a monitor that names none, 10 to 86,400; 180. */
export const defaultInterval: Config.Config<number> = withDefault("DEFAULT_INTERVAL", defaultIntervalSeconds, {
  example: "180",
  parse: (text) => Either.filterOrLeft(whole(10, 86_400)(text), isInterval, () => "a whole number from 10 to 86400"),
})

/** `RETENTION_DAYS`: how many days of results are kept, 1 to 3,650; 90. */
export const retentionDays: Config.Config<number> = withDefault("RETENTION_DAYS", 90, {
  example: "90",
  parse: whole(1, 3650),
})

/** `INCIDENT_RETENTION_DAYS`: how many days incidents that are over are kept, 1 to 36,500; 730. */
export const incidentRetentionDays: Config.Config<number> = withDefault("INCIDENT_RETENTION_DAYS", 730, {
  example: "730",
  parse: whole(1, 36_500),
})

/** `SIGNUP`: whether strangers may make an account; `open`. */
export const signup: Config.Config<"open" | "closed"> = withDefault<"open" | "closed">("SIGNUP", "open", {
  example: "closed",
  parse: oneOf(["open", "closed"]),
})

/** `LOG_LEVEL`: the least important level that is written; `info`. */
export const logLevel: Config.Config<LogLevel.LogLevel> = withDefault<LogLevel.LogLevel>("LOG_LEVEL", LogLevel.Info, {
  example: "info",
  parse: (text) =>
    Either.fromNullable(logLevels.get(text.toLowerCase()), () => `one of ${[...logLevels.keys()].join(", ")}`),
})

/** `LOG_FORMAT`: `json`, or `pretty` for people; left out, a terminal outside production gets `pretty`. */
export const logFormat: Config.Config<Option.Option<"json" | "pretty">> = optional<"json" | "pretty">("LOG_FORMAT", {
  example: "json",
  parse: oneOf(["json", "pretty"]),
})

/** `OTEL_EXPORTER_OTLP_ENDPOINT`: where traces, metrics and logs are sent over OTLP/HTTP; nowhere. */
export const otlpEndpoint: Config.Config<Option.Option<string>> = optional("OTEL_EXPORTER_OTLP_ENDPOINT", {
  example: "http://127.0.0.1:4318",
  parse: (text) => Either.map(httpUrl(text), withoutTrailingSlash),
})

/** `OTEL_EXPORTER_OTLP_HEADERS`: headers for the collector, `name=value` with commas between (OpenTelemetry, "OTLP Exporter Configuration"). */
export const otlpHeaders: Config.Config<Option.Option<Redacted.Redacted>> = optionalSecret(
  "OTEL_EXPORTER_OTLP_HEADERS",
  {
    example: "authorization=Bearer%20token",
    parse: (text) =>
      list(text).every((pair) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+=[\x20-\x7e]*$/.test(pair))
        ? Either.right(text)
        : Either.left("name=value pairs with commas between"),
  },
)

/** `PUBLIC_URL`: the address that people reach the api at, without a slash at its end; unknown. */
export const publicUrl: Config.Config<Option.Option<string>> = optional("PUBLIC_URL", {
  example: "https://status.example.com",
  parse: (text) =>
    Either.filterOrLeft(
      httpUrl(text),
      (url) => url.search === "" && url.hash === "" && url.username === "" && url.password === "",
      () => "an http or https URL without user, query and fragment",
    ).pipe(Either.map(withoutTrailingSlash)),
})

/** `TRUSTED_PROXIES`: whose `X-Forwarded-*` headers are believed, as addresses and ranges; nobody's. */
export const trustedProxies: Config.Config<ReadonlyArray<string>> = withDefault<ReadonlyArray<string>>(
  "TRUSTED_PROXIES",
  [],
  { example: "127.0.0.1,10.0.0.0/8", parse: addressRanges },
)

/** `CORS_ORIGINS`: origins whose pages may call the api with a person's session; none. */
export const corsOrigins: Config.Config<ReadonlyArray<string>> = withDefault<ReadonlyArray<string>>(
  "CORS_ORIGINS",
  [],
  {
    example: "https://app.example.com",
    parse: (text) =>
      list(text).every((origin) => URL.canParse(origin) && /^https?:/.test(origin) && new URL(origin).origin === origin)
        ? Either.right(list(text))
        : Either.left("origins (scheme, host and port, no path) with commas between"),
  },
)

const unitSeconds: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3600],
  ["d", 86_400],
  ["w", 7 * 86_400],
])

const logLevels: ReadonlyMap<string, LogLevel.LogLevel> = new Map([
  ["trace", LogLevel.Trace],
  ["debug", LogLevel.Debug],
  ["info", LogLevel.Info],
  ["warn", LogLevel.Warning],
  ["warning", LogLevel.Warning],
  ["error", LogLevel.Error],
  ["fatal", LogLevel.Fatal],
  ["none", LogLevel.None],
])

const isRegion = Schema.is(Region)
const isInterval = Schema.is(IntervalSeconds)

const list = (text: string): ReadonlyArray<string> => text.split(",").map((part) => part.trim())

function oneOf<const A extends string>(values: ReadonlyArray<A>) {
  return (text: string): Either.Either<A, string> =>
    Either.fromNullable(
      values.find((value) => value === text.toLowerCase()),
      () => values.join(" or "),
    )
}

function whole(min: number, max: number) {
  return (text: string): Either.Either<number, string> => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? Either.right(value) : Either.left(`a whole number from ${min} to ${max}`)
  }
}

function jwtSecretText(text: string): Either.Either<string, string> {
  return new TextEncoder().encode(text).length >= 32 ? Either.right(text) : Either.left("at least 32 bytes long")
}

const urlWith = (text: string, protocols: ReadonlyArray<string>): Either.Either<string, string> =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol)
    ? Either.right(text)
    : Either.left(
        `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")} (special characters of a password percent-encoded)`,
      )

const httpUrl = (text: string): Either.Either<URL, string> =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
    ? Either.right(new URL(text))
    : Either.left("an http or https URL")

const withoutTrailingSlash = (url: URL): string => url.href.replace(/\/+$/, "")
