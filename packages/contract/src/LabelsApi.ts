import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform"
import { GroupName, Tag } from "@uptime/domain/Monitor"
import { Schema } from "effect"
import { PayloadTooLarge, UnsupportedMediaType } from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { NoQuery, StrictStruct } from "./StrictStruct.ts"

/** Which tag gets which name. One that is in use already becomes one with it. */
export const TagRename = StrictStruct({ from: Tag, to: Tag }).annotations({ identifier: "TagRename" })
export type TagRename = typeof TagRename.Type

/** Which group gets which name, likewise. */
export const GroupRename = StrictStruct({ from: GroupName, to: GroupName }).annotations({ identifier: "GroupRename" })
export type GroupRename = typeof GroupRename.Type

/** How many things had the old name, and have the new one now. */
export const Renamed = Schema.Struct({
  monitorCount: Schema.NonNegativeInt,
  maintenanceCount: Schema.NonNegativeInt,
}).annotations({ identifier: "Renamed" })
export type Renamed = typeof Renamed.Type

/** The tags and groups of the person who asks. */
export class LabelsApi extends HttpApiGroup.make("labels")
  .add(
    HttpApiEndpoint.post("renameTag", "/tags/rename")
      .setPayload(TagRename)
      .setUrlParams(NoQuery)
      .addSuccess(Renamed)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Rename a tag on all monitors and in all maintenances: all or none"),
  )
  .add(
    HttpApiEndpoint.post("renameGroup", "/groups/rename")
      .setPayload(GroupRename)
      .setUrlParams(NoQuery)
      .addSuccess(Renamed)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Rename a group on all monitors and in all maintenances: all or none"),
  )
  .middleware(Authentication)
  .prefix("/api")
  .annotate(OpenApi.Description, "What monitors are gathered by") {}
