import type { ServiceUnavailable } from "@uptime/contract/ApiErrors"
import type { Renamed } from "@uptime/contract/LabelsApi"
import type { UserId } from "@uptime/domain/Ids"
import { type LabelKind, Labels } from "@uptime/persistence/Labels"
import { Events } from "@uptime/stream/Events"
import { Context, Effect, Layer } from "effect"
import { storeCall } from "../StoreCall.ts"

/** A person's tags and groups. */
export class LabelService extends Context.Tag("@uptime/api/LabelService")<
  LabelService,
  {
    /** Gives a tag or group another name wherever it is named. */
    readonly rename: (
      userId: UserId,
      kind: LabelKind,
      names: { readonly from: string; readonly to: string },
    ) => Effect.Effect<Renamed, ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const labels = yield* Labels
  const events = yield* Events
  return LabelService.of({
    rename: Effect.fn("LabelService.rename")(function* (userId, kind, { from, to }) {
      const { maintenanceCount, monitorIds } = yield* storeCall(labels.rename(userId, kind, from, to))
      if (monitorIds.length > 0) yield* events.publish({ _tag: "Changed", userId, monitorIds, incidentIds: [] })
      return { monitorCount: monitorIds.length, maintenanceCount }
    }),
  })
})
