import { Resolver as DnsResolver } from "node:dns"
import { Context, Effect, Layer } from "effect"
import { ResolveError } from "./ResolveError.ts"

/** Looks up TXT records by the machine's own name servers. */
export class TxtRecords extends Context.Tag("@uptime/prober/TxtRecords")<
  TxtRecords,
  {
    /**
     * The texts of a name's TXT records, the strings of each joined (RFC 1035, 3.3.14); none where it has none, or does not
     * exist. Fails as `unavailable` where no name server says so.
     *
     * @param withinMs how long it may take
     */
    readonly lookup: (name: string, withinMs: number) => Effect.Effect<ReadonlyArray<string>, ResolveError>
  }
>() {
  /** @param servers `address:port` of the servers to ask; the machine's own unless given */
  static readonly layerOf = (servers?: ReadonlyArray<string>): Layer.Layer<TxtRecords> =>
    Layer.succeed(TxtRecords, {
      lookup: (name, withinMs) =>
        Effect.async<ReadonlyArray<string>, ResolveError>((resume) => {
          const resolver = new DnsResolver({ timeout: queryTimeoutMs, tries: 2 })
          if (servers !== undefined) resolver.setServers(servers)
          resolver.resolveTxt(name, (error, records) => {
            if (error === null) resume(Effect.succeed(records.slice(0, maxRecords).map((strings) => strings.join(""))))
            else if (error.code === "ENOTFOUND" || error.code === "ENODATA") resume(Effect.succeed([]))
            else resume(unavailable)
          })
          return Effect.sync(() => resolver.cancel())
        }).pipe(Effect.timeoutFail({ duration: withinMs, onTimeout: () => unavailable })),
    })

  /** By the machine's own name servers. */
  static readonly layer: Layer.Layer<TxtRecords> = Layer.suspend(() => TxtRecords.layerOf())
}

const unavailable = new ResolveError({ reason: "unavailable" })

/** How long a server is given to answer, in milliseconds. */
const queryTimeoutMs = 2_000

/** The most records that are looked at. */
const maxRecords = 100
