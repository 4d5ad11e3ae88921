import { assert, describe, it } from "@effect/vitest"
import { parseNameServer, systemNameServers } from "@uptime/prober/NameServer"

describe("a name server's address", () => {
  for (const [text, expected] of [
    ["9.9.9.9", { address: "9.9.9.9", port: 53 }],
    ["9.9.9.9:5353", { address: "9.9.9.9", port: 5353 }],
    ["2620:fe::fe", { address: "2620:fe::fe", port: 53 }],
    ["[2620:fe::fe]", { address: "2620:fe::fe", port: 53 }],
    ["[2620:fe::fe]:8053", { address: "2620:fe::fe", port: 8053 }],
    ["9.9.9.300", null],
    ["9.9.9.9:0", null],
    ["9.9.9.9:65536", null],
    ["[9.9.9.9]:53", null],
    ["dns.example.com", null],
    ["", null],
  ] as const) {
    it(`is read: "${text}"`, () => assert.deepStrictEqual(parseNameServer(text), expected))
  }

  it("is known of this machine's own", () => assert.isAtLeast(systemNameServers().length, 1))
})
