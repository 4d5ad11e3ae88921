import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform"
import { MonitorId } from "@uptime/domain/Ids"
import { Region } from "@uptime/domain/Region"
import { RegionTestRun } from "@uptime/domain/TestRun"
import { Schema } from "effect"
import {
  MonitorNotFound,
  PayloadTooLarge,
  SecretsUnavailable,
  TargetRefused,
  TooManyRequests,
  UnsupportedMediaType,
} from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { MonitorEdit } from "./MonitorsApi.ts"
import { NoQuery, optional, StrictStruct } from "./StrictStruct.ts"

/** The most regions that an installation has. */
export const maxRegions = 64

/** Regions to check from, each once. */
const TestRegions = Schema.Array(Region).pipe(
  Schema.minItems(1),
  Schema.maxItems(maxRegions),
  Schema.filter((regions) => new Set(regions).size === regions.length || "each region may be given once"),
)

/**
 * What is tried: a monitor as it is (`monitorId` alone), as it would be with changes (`monitorId`, and what an edit takes), or
 * as it would be made (`url`, and what creating one takes). Secrets sent as their mask are those that the monitor has, and go to
 * no other scheme, host or port than they were given for. It is tried from `regions`, or from all.
 */
export const TestRunRequest = StrictStruct({
  monitorId: optional(MonitorId),
  regions: optional(TestRegions),
  ...MonitorEdit.fields,
}).pipe(
  Schema.filter(({ monitorId, url }) =>
    monitorId === undefined && url === undefined
      ? { path: ["url"], message: "must be given, or monitorId must name a monitor that is there" }
      : undefined,
  ),
  Schema.annotations({ identifier: "TestRunRequest" }),
)
export type TestRunRequest = typeof TestRunRequest.Type

/** What was found, a region each, in the order in which they were asked for or are configured. */
export const TestRunResponse = Schema.Struct({ items: Schema.Array(RegionTestRun) }).annotations({
  identifier: "TestRunResponse",
})
export type TestRunResponse = typeof TestRunResponse.Type

/** Checks that are run at once, to be looked at and not to be stored. */
export class TestRunsApi extends HttpApiGroup.make("testRuns")
  .add(
    HttpApiEndpoint.post("run", "/test")
      .setPayload(TestRunRequest)
      .setUrlParams(NoQuery)
      .addSuccess(TestRunResponse)
      .addError(MonitorNotFound)
      .addError(TargetRefused)
      .addError(SecretsUnavailable)
      .addError(TooManyRequests)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Check now from every region, without storing anything: test or preview a monitor")
      .annotate(
        OpenApi.Description,
        "Tries once, at once, and answers with what was seen: phases, conditions, headers, the beginning of the body, address and certificate. Give `monitorId` to test a monitor, also a paused one; add what an edit takes to preview changes, or send what creating takes to preview a new one. The answer comes when every region has answered, after the check's timeout and five seconds at the latest. Heartbeats cannot be tested.",
      ),
  )
  .middleware(Authentication)
  .prefix("/api/monitor")
  .annotate(OpenApi.Description, "Checks run at once, to be looked at and not to be stored") {}
