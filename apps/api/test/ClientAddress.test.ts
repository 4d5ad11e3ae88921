import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import { assert, describe, it } from "@effect/vitest"
import { clientAddress, clientNetwork, trustedProxies } from "@uptime/api/http/ClientAddress"
import { FastCheck } from "effect"

const request = (remoteAddress: string, forwarded?: string) =>
  HttpServerRequest.fromWeb(
    new Request("http://localhost/", { headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded } }),
  ).modify({ remoteAddress })

const proxies = trustedProxies(["10.0.0.0/8", "127.0.0.1", "fd00::/8"])

describe("ClientAddress", () => {
  it("is that of the connection unless a trusted proxy says another", () => {
    const cases: ReadonlyArray<readonly [string, string | undefined, string]> = [
      ["203.0.113.7", undefined, "203.0.113.7"],
      ["203.0.113.7", "198.51.100.1", "203.0.113.7"],
      ["127.0.0.1", "198.51.100.1", "198.51.100.1"],
      ["::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1"],
      ["fd00::1", "2001:db8::1", "2001:db8::1"],
      ["127.0.0.1", "192.0.2.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"],
      ["127.0.0.1", "made up, 10.0.0.2", "10.0.0.2"],
      ["127.0.0.1", "", "127.0.0.1"],
      ["127.0.0.1", "10.0.0.3,10.0.0.4", "10.0.0.3"],
      ["", "198.51.100.1", "unknown"],
    ]
    for (const [remote, forwarded, expected] of cases) {
      assert.strictEqual(clientAddress(request(remote, forwarded), proxies), expected, `${remote} ${forwarded}`)
    }
  })

  it("is never what the client makes up, however long", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.array(FastCheck.ipV4(), { maxLength: 20 }), (madeUp) => {
        const forwarded = [...madeUp, "198.51.100.1"].join(", ")
        assert.strictEqual(clientAddress(request("10.0.0.1", forwarded), proxies), "198.51.100.1")
        assert.strictEqual(clientAddress(request("192.0.2.9", forwarded), proxies), "192.0.2.9")
      }),
    )
  })

  it("counts an IPv6 network of one subscriber as one client", () => {
    assert.strictEqual(clientNetwork("203.0.113.7"), "203.0.113.7")
    assert.strictEqual(clientNetwork("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64")
    assert.strictEqual(clientNetwork("2001:0DB8:1:2::9"), "2001:db8:1:2::/64")
    assert.strictEqual(clientNetwork("2001:db8::9"), "2001:db8:0:0::/64")
    assert.strictEqual(clientNetwork("::1"), "0:0:0:0::/64")
    assert.strictEqual(clientNetwork("unknown"), "unknown")
  })
})
