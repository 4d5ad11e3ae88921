import { Effect } from "effect"
import { guessPasswords } from "../../fuzz/guessing.ts"
import type { Fault } from "../Fault.ts"
import { expect, rowOf } from "../rowOf.ts"
import { awaitStarted } from "../Started.ts"

const refusals = [401, 429, 503]

/** Two hundred log-ins a second with wrong passwords for twenty seconds, while somebody who knows theirs logs in once a second. */
export const loginFlood: Fault = {
  id: "F30",
  name: "200 wrong log-ins a second",
  promise:
    "refused, most by 429; event loop p99 under 50 ms, /healthz p99 under 100 ms; whoever has the password gets in",
  needsApi: true,
  isAlone: true,
  run: Effect.fnUntraced(function* (world) {
    const api = yield* Effect.flatMap(world.apps.api({ env: { TRUSTED_PROXIES: "127.0.0.1/32" } }), awaitStarted)
    const seen = yield* guessPasswords(api.url)
    const statuses = [...seen.byStatus].map(([status, count]) => `${status}: ${count}`).join(", ")
    return yield* rowOf(loginFlood, world, {
      breaches: [
        ...expect("whoever has the password gets in", seen.loggedIn > 0, `${seen.loggedIn} of ${seen.logins}`),
        ...expect("event loop p99 under 50 ms", seen.loopP99Ms < 50, `${seen.loopP99Ms.toFixed(0)} ms`),
        ...expect("/healthz p99 under 100 ms", seen.healthP99Ms < 100, `${seen.healthP99Ms.toFixed(0)} ms`),
        ...expect("some are told to wait", (seen.byStatus.get(429) ?? 0) > 0, statuses),
        ...expect(
          "all are refused",
          [...seen.byStatus.keys()].every((status) => refusals.includes(status)),
          statuses,
        ),
      ],
      remarks: [
        `${seen.guesses} guesses, ${seen.perSecond} a second: ${statuses}; event loop p99 ${seen.loopP99Ms.toFixed(0)} ms, /healthz p99 ${seen.healthP99Ms.toFixed(0)} ms; ${seen.loggedIn} of ${seen.logins} log-ins of the owner`,
      ],
    })
  }),
}
