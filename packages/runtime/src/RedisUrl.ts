import { Either } from "effect"

/** One node of a Redis Cluster. */
export interface RedisNode {
  /** A name, or an address without brackets. */
  readonly host: string
  readonly port: number
}

/** A Redis Cluster, by those of its nodes that are asked first where the others are. */
export interface RedisCluster {
  readonly nodes: ReadonlyArray<RedisNode>
  /** The URL of a node, with the user, the password and TLS that hold for all of them. */
  readonly urlOf: (node: RedisNode) => string
}

/**
 * Where Redis is: one server, `redis://[user:password@]host[:port][/database]`, or a cluster,
 * `redis+cluster://[user:password@]host[:port][,host[:port]…]`; with `rediss` for TLS.
 */
export type RedisServers =
  | { readonly _tag: "Single"; readonly url: string }
  | ({ readonly _tag: "Cluster" } & RedisCluster)

const defaultPort = 6379

/** Reads such a URL, or says what it must be, as the end of the sentence `REDIS_URL must be …`. */
export const parseRedisUrl = (text: string): Either.Either<RedisServers, string> => {
  const [, tls = "", user = "", hosts = "", path = ""] =
    /^redis(s?)\+cluster:\/\/(?:([^@/]*)@)?([^@/?#]*)(.*)$/.exec(text) ?? []
  if (!/^rediss?\+cluster:/.test(text)) {
    return URL.canParse(text) && ["redis:", "rediss:"].includes(new URL(text).protocol)
      ? Either.right({ _tag: "Single", url: text })
      : Either.left(
          "a URL that begins with redis://, rediss://, redis+cluster:// or rediss+cluster:// (special characters of a password percent-encoded)",
        )
  }
  if (path !== "" && path !== "/") return Either.left("without a database: a cluster has only the first")
  const urlOf = ({ host, port }: RedisNode) =>
    `redis${tls}://${user === "" ? "" : `${user}@`}${host.includes(":") ? `[${host}]` : host}:${port}`
  const nodes = hosts.split(",").flatMap((part) => {
    const [, address, name, digits] =
      /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9._-]{1,253}))(?::(\d{1,5}))?$/.exec(part) ?? []
    const host = address ?? name
    const port = digits === undefined ? defaultPort : Number(digits)
    return host !== undefined && port >= 1 && port <= 65_535 ? [{ host, port }] : []
  })
  if (
    nodes.length !== hosts.split(",").length ||
    !/^(?:[^%]|%[0-9A-Fa-f]{2})*$/.test(user) ||
    !nodes.every((node) => URL.canParse(urlOf(node)))
  ) {
    return Either.left(
      "of the form redis+cluster://user:password@host:port,host:port (special characters of a password percent-encoded, an IPv6 address in brackets)",
    )
  }
  return Either.right({ _tag: "Cluster", nodes, urlOf })
}
