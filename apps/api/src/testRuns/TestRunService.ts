import { changeMonitor } from "@uptime/conditions/ChangeMonitor"
import {
  type MonitorNotFound,
  type SecretsUnavailable,
  ServiceUnavailable,
  type TargetRefused,
  TooManyRequests,
  ValidationFailed,
} from "@uptime/contract/ApiErrors"
import { maxRegions, type TestRunRequest } from "@uptime/contract/TestRunsApi"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { UserId } from "@uptime/domain/Ids"
import { checkSpec } from "@uptime/domain/Monitor"
import { defaultSettings } from "@uptime/domain/MonitorChanges"
import type { Region } from "@uptime/domain/Region"
import type { RegionTestRun } from "@uptime/domain/TestRun"
import { kindOfUrl } from "@uptime/domain/UrlScheme"
import { Monitors } from "@uptime/persistence/Monitors"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { TestRuns } from "@uptime/stream/TestRuns"
import { Context, Effect, Layer } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { RateLimits, type RateRule } from "../auth/RateLimits.ts"
import { assertTargets } from "../monitors/AllowedTarget.ts"
import { sealSecrets, secretIssues } from "../monitors/SealedSecrets.ts"
import { ownedCall } from "../StoreCall.ts"
import { countTestRun } from "./TestRunMetrics.ts"

/** How often an account may have checks run at once: each goes to a site, from every region. */
export const testRunRule: RateRule = { name: "test-run", limit: 20, windowMs: 60_000 }

/** The most test runs of one account, and of all, that this process waits for at once. */
export const maxRunningOfOne = 4
const maxRunning = 200

/** When to come back where too many are running, in seconds. */
const comeBackAfter = 5

/** Why no check is run. */
type TestRunError =
  | ValidationFailed
  | MonitorNotFound
  | TargetRefused
  | SecretsUnavailable
  | TooManyRequests
  | ServiceUnavailable

/** Checks that are run at once for a person to look at. They are stored nowhere and change nothing. */
export class TestRunService extends Context.Tag("@uptime/api/TestRunService")<
  TestRunService,
  {
    /**
     * Tries a monitor of the person's as it is, as it would be with changes, or one that is not made yet, from each region
     * that was asked for, or from all. Secrets that are kept go to no other server than they were given for. A region that
     * gives no result says why. Ends after the check's timeout and five seconds at the latest.
     */
    readonly run: (userId: UserId, request: TestRunRequest) => Effect.Effect<ReadonlyArray<RegionTestRun>, TestRunError>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const settings = yield* ApiSettings
  const monitors = yield* Monitors
  const secrets = yield* SecretBox
  const limits = yield* RateLimits
  const testRuns = yield* TestRuns
  const running = new Map<UserId, number>()
  let all = 0

  /** What is to be checked, or all that speaks against it. */
  const specOf = Effect.fnUntraced(function* (userId: UserId, { monitorId, regions: _, ...changes }: TestRunRequest) {
    const stored = monitorId === undefined ? null : yield* ownedCall(monitors.settings(userId, monitorId))
    const url = changes.url ?? stored?.url
    if (url === undefined) return yield* ValidationFailed.of([{ path: ["url"], message: "must be given" }])
    if (kindOfUrl(url) === "heartbeat") {
      const path = [changes.url === undefined ? "monitorId" : "url"]
      return yield* ValidationFailed.of([{ path, message: "is a heartbeat, which is awaited and cannot be tested" }])
    }
    yield* assertTargets(settings.targetPolicy, changes)
    const issues = secretIssues(changes)
    if (issues.length > 0) return yield* ValidationFailed.of(issues)
    const before = stored ?? defaultSettings(url, settings.defaultInterval)
    const after = changeMonitor(before, yield* sealSecrets(secrets, changes))
    return checkSpec(yield* Effect.mapError(after, ValidationFailed.of))
  })

  const ask = (spec: CheckSpec) => (location: Region) =>
    testRuns.ask(location, spec).pipe(
      Effect.map((result): RegionTestRun => ({ location, result, problem: null })),
      Effect.tap(({ result }) => countTestRun(location, result?.status ?? "Unknown")),
      Effect.catchTag("NotTested", ({ reason }) =>
        Effect.as(countTestRun(location, reason), { location, result: null, problem: problems[reason] }),
      ),
      Effect.catchTag("StreamError", (error) =>
        Effect.zipRight(
          Effect.logDebug(error.message, error.cause),
          Effect.fail(ServiceUnavailable.after(comeBackAfter)),
        ),
      ),
    )

  /** One of the places of an account, and of this process, for as long as something runs. */
  const inPlace = (userId: UserId) =>
    Effect.acquireRelease(
      Effect.suspend((): Effect.Effect<void, TooManyRequests | ServiceUnavailable> => {
        const own = running.get(userId) ?? 0
        if (own >= maxRunningOfOne) return TooManyRequests.after(comeBackAfter)
        if (all >= maxRunning) return ServiceUnavailable.after(comeBackAfter)
        running.set(userId, own + 1)
        all++
        return Effect.void
      }),
      () =>
        Effect.sync(() => {
          const own = running.get(userId) ?? 1
          if (own > 1) running.set(userId, own - 1)
          else running.delete(userId)
          all--
        }),
    )

  return TestRunService.of({
    run: Effect.fn("TestRunService.run")(function* (userId, request) {
      const regions = yield* knownRegions(settings.regions, request.regions ?? settings.regions)
      const spec = yield* specOf(userId, request)
      yield* limits.consume([{ rule: testRunRule, subject: userId }])
      yield* inPlace(userId)
      return yield* Effect.forEach(regions, ask(spec), { concurrency: maxRegions })
    }, Effect.scoped),
  })
})

/** Why a region gave no result, in words for the person who asked. */
const problems = {
  absent: "no worker of this region is running",
  busy: "the workers of this region are busy with other tests: try again in a moment",
  late: "no worker answered in time",
} as const

/** The regions that were asked for, or those among them that this installation does not have. */
const knownRegions = (
  known: ReadonlyArray<Region>,
  wanted: ReadonlyArray<Region>,
): Effect.Effect<ReadonlyArray<Region>, ValidationFailed> => {
  const issues = wanted.flatMap((region, index) =>
    known.includes(region)
      ? []
      : [{ path: ["regions", index], message: `is no region of this installation, which has ${known.join(", ")}` }],
  )
  return issues.length === 0 ? Effect.succeed(wanted) : ValidationFailed.of(issues)
}
