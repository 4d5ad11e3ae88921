import { Effect, type Scope } from "effect"
import * as TcpProxy from "../../packages/testing/src/TcpProxy.ts"

/** The two links of a process. */
export interface Links {
  readonly redis: TcpProxy.TcpProxy
  readonly postgres: TcpProxy.TcpProxy
}

/** Proxies to both servers. */
export const makeLinks = (
  ports: { readonly redis: number; readonly postgres: number },
  random: () => number,
): Effect.Effect<Links, never, Scope.Scope> =>
  Effect.all({ redis: TcpProxy.make(ports.redis, random), postgres: TcpProxy.make(ports.postgres, random) })
