import { assert, describe, it } from "@effect/vitest"
import { Either } from "effect"
import fc from "fast-check"
import { parseRedisUrl } from "../src/RedisUrl.ts"

/** The URLs of a cluster's nodes. */
const nodesOf = (text: string) => {
  const servers = Either.getOrThrow(parseRedisUrl(text))
  return servers._tag === "Cluster" ? servers.nodes.map(servers.urlOf) : []
}

describe("the URL of a Redis", () => {
  it("names one server, and is left as it is", () => {
    for (const url of ["redis://127.0.0.1", "rediss://user:p%40ss@redis.example.com:6380/2"]) {
      assert.deepStrictEqual(parseRedisUrl(url), Either.right({ _tag: "Single", url }))
    }
  })

  it("names some nodes of a cluster, for which user, password and TLS are the same", () => {
    assert.deepStrictEqual(nodesOf("redis+cluster://a:7000,b,[::1]:7002"), [
      "redis://a:7000",
      "redis://b:6379",
      "redis://[::1]:7002",
    ])
    assert.deepStrictEqual(nodesOf("rediss+cluster://user:p%40ss@a:7000,b:7001/"), [
      "rediss://user:p%40ss@a:7000",
      "rediss://user:p%40ss@b:7001",
    ])
  })

  it("says what is wrong with it", () => {
    const wrong = [
      ["http://h", "redis+cluster://"],
      ["redis+cluster://h/1", "without a database"],
      ["redis+cluster://", "host:port"],
      ["redis+cluster://a:1,,b:2", "host:port"],
      ["redis+cluster://a:70000", "host:port"],
      ["redis+cluster://user:%@a:1", "percent-encoded"],
    ] as const
    for (const [url, said] of wrong) {
      assert.include(
        Either.getOrElse(Either.flip(parseRedisUrl(url)), () => ""),
        said,
        url,
      )
    }
  })

  it("holds every node, with every password", () => {
    const node = fc.record({ host: fc.domain(), port: fc.integer({ min: 1, max: 65_535 }) })
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: 6 }), fc.string({ minLength: 1 }), (nodes, password) => {
        const hosts = nodes.map(({ host, port }) => `${host}:${port}`)
        const urls = nodesOf(`redis+cluster://:${encodeURIComponent(password)}@${hosts.join(",")}`)
        assert.deepStrictEqual(
          urls.map((url) => [url.split("@")[1], decodeURIComponent(new URL(url).password)]),
          hosts.map((host) => [host, password]),
        )
      }),
    )
  })
})
