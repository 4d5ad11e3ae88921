import { assert, describe, it } from "@effect/vitest"
import { majorVersion } from "@uptime/testing/RedisBinary"

describe("majorVersion", () => {
  it.each([
    ["Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0", 7],
    ["Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1b6a3d0c3b1e6d3f", 8],
    ["Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=a3fdef44459b3ad6", 6],
    ["something else", 0],
  ])("reads %s", (text, version) => {
    assert.strictEqual(majorVersion(text), version)
  })
})
