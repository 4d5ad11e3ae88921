import { assert, describe, it } from "@effect/vitest"
import { changeMonitor } from "@uptime/conditions/ChangeMonitor"
import { kindsWith } from "@uptime/conditions/KindPlaceholders"
import { CheckKind } from "@uptime/domain/CheckKind"
import { defaultSettings } from "@uptime/domain/MonitorChanges"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import { Either, Schema } from "effect"

const url = Schema.decodeSync(MonitorUrl)
const asking = (...texts: ReadonlyArray<string>) => ({
  conditions: texts.map((condition) => ({ condition, severity: "Down" as const })),
})
const issues = (...[before, changes]: Parameters<typeof changeMonitor>) =>
  Either.match(changeMonitor(before, changes), {
    onLeft: (found) => found.map(({ message, path }) => `${path.join(".")} ${message}`),
    onRight: () => [],
  })

describe("the conditions of a monitor", () => {
  const site = defaultSettings(url("https://example.com/"), 60)

  it("are refused where they ask for what its kind of check never sees, by what they ask and who sees it", () => {
    assert.deepStrictEqual(
      issues(
        site,
        asking(
          "[STATUS] == 200",
          "has([DNS_RCODE]) == false",
          "[RESPONSE_TIME] < [PACKET_LOSS]",
          '[BODY] != "[RECORDS]"',
        ),
      ),
      [
        "conditions.1.condition asks for [DNS_RCODE], which checks of the kind http never see: only those of the kind dns do",
        "conditions.2.condition asks for [PACKET_LOSS], which checks of the kind http never see: only those of the kind ping do",
      ],
    )
    assert.deepStrictEqual(issues(defaultSettings(url("icmp://example.com"), 60), asking("[STATUS] == 200")), [
      "conditions.0.condition asks for [STATUS], which checks of the kind ping never see: only those of the kinds http, websocket, grpc do",
    ])
  })

  it("are looked at again where the kind of the check changes", () => {
    const before = Either.getOrThrow(changeMonitor(site, asking("[STATUS] == 200")))
    assert.lengthOf(issues(before, { url: url("tcp://example.com:25") }), 1)
    assert.deepStrictEqual(issues(before, { url: url("tcp://example.com:25"), ...asking("[CONNECTED] == true") }), [])
  })

  it("stay what they are where a monitor that has them is changed in all else", () => {
    const before = { ...site, check: asking("[DNS_RCODE] == NOERROR", "[TO_COME] == 1") }
    assert.deepStrictEqual(issues(before, { enabled: false, name: "Shop", http: { method: "HEAD" } }), [])
  })

  it("may ask for the response time and the connection whatever is checked", () => {
    for (const kind of CheckKind.literals) {
      assert.strictEqual(kindsWith.RESPONSE_TIME.includes(kind), kind !== "heartbeat")
      assert.strictEqual(kindsWith.CONNECTED.includes(kind), kind !== "heartbeat")
    }
  })
})
