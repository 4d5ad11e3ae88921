import { Effect } from "effect"
import { dnsServer, type Reply } from "../../../packages/testing/src/DnsServer.ts"
import type { Fault } from "../Fault.ts"
import { results } from "../History.ts"
import { monitorLoad } from "../MonitorLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"

/** What the name server says: of a name under `rebind.` another address each time, one of them refused by policy. */
const sayings = {
  works: { a: ["127.0.0.1"] },
  servfail: "servfail",
  silence: "silence",
  slow: { a: ["127.0.0.1"], afterMs: 5_000 },
} as const satisfies Record<string, Reply>

/**
 * The workers' name server says SERVFAIL, nothing at all, and what is right after five seconds, while half of the monitors are
 * names and half are addresses. Then it works, and one name's address changes from question to question, every other time to
 * one that no check may dial.
 */
export const nameServerBroken: Fault = {
  id: "F26",
  name: "the name server broken",
  promise:
    "our name server's failure is Unknown, never Down, and no incident; addresses go on being checked; no rebinding",
  world: { regions: ["USA"] },
  limitSeconds: 400,
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, now, plan, sql } = world
    let saying: keyof typeof sayings = "works"
    let questions = 0
    const server = yield* dnsServer((name, type) => {
      if (name.startsWith("rebind") && type === "A") questions += 1
      if (!name.endsWith(".example.net")) return saying === "works" ? "nxdomain" : sayings[saying]
      if (name.startsWith("rebind") && questions % 2 === 0) return { a: ["169.254.169.254"] }
      return sayings[saying]
    })
    const load = yield* monitorLoad(world, 60)
    const named = load.ids.slice(0, 30)
    const rebinding = load.ids[0]
    yield* sql`
        UPDATE monitors SET url = replace(url, '127.0.0.1', 'm' || substr(id::text, 1, 8) || '.example.net')
        WHERE id = ANY(${[...named]}::uuid[])`
    yield* sql`UPDATE monitors SET url = regexp_replace(url, 'm[0-9a-f]+\\.example', 'rebind.example') WHERE id = ${rebinding ?? ""}`
    yield* startAll([
      apps.worker("USA", { observed: true, env: { NAME_SERVER: server.address } }),
      apps.producer({ observed: true }),
    ])
    yield* Effect.sleep("20 seconds")
    const broken = yield* now
    const during = new Map<string, number>()
    for (const next of plan.shuffle(["servfail", "silence", "slow"] as const)) {
      saying = next
      during.set(next, yield* now)
      yield* Effect.sleep(isWhole ? "60 seconds" : "25 seconds")
    }
    saying = "works"
    const healed = yield* now
    yield* Effect.sleep("35 seconds")
    const isQuiet = yield* load.rest
    const stored = yield* results(world)
    const isNamed = new Set<string>(named)
    const inTime = stored.filter(({ slot }) => slot > broken && slot < healed - 5_000)
    const ofNames = inTime.filter(({ monitorId }) => isNamed.has(monitorId) && monitorId !== rebinding)
    const ofAddresses = inTime.filter(({ monitorId }) => !isNamed.has(monitorId))
    const last = stored.filter(({ monitorId, slot }) => slot > healed + 15_000 && monitorId !== rebinding)
    const ofRebinding = stored.filter(({ monitorId }) => monitorId === rebinding)
    const [blocked] = yield* sql<{ readonly n: number }>`
        SELECT count(*)::int AS n FROM check_results WHERE monitor_id = ${rebinding ?? ""} AND error_kind = 'blocked'`
    const unknown = ofNames.filter(({ status }) => status === "Unknown").length
    const behind = ofAddresses.filter(({ checkedAt, slot }) => checkedAt - slot > 3_000).length
    return yield* rowOf(nameServerBroken, world, {
      breaches: [
        ...expect("everything is done", isQuiet, "entries still pending"),
        ...expect(
          "no row says Down",
          stored.every(({ status }) => status !== "Down"),
          `${stored.filter(({ status }) => status === "Down").length} rows`,
        ),
        ...expect("names were Unknown", unknown > 0, `${ofNames.length} rows, none of them Unknown`),
        ...expect(
          "addresses are Up",
          ofAddresses.length > 0 && ofAddresses.every(({ status }) => status === "Up"),
          `${ofAddresses.length} rows`,
        ),
        ...expect("and in time", behind === 0, `${behind} of ${ofAddresses.length} over 3 s late`),
        ...expect(
          "as before afterwards",
          last.length > 0 && last.every(({ status }) => status === "Up"),
          "not all are Up",
        ),
        ...expect(
          "what is refused is not dialled",
          (blocked?.n ?? 0) > 0,
          `${ofRebinding.length} rows of the name that changes, none refused`,
        ),
      ],
      remarks: [
        `${unknown} of ${ofNames.length} checks of names were Unknown; ${blocked?.n} of ${ofRebinding.length} of the name that changes were refused`,
      ],
    })
  }),
}
