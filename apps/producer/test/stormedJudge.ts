import { Judgements } from "@uptime/persistence/Judgements"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { runMain } from "@uptime/runtime/Main"
import * as Settings from "@uptime/runtime/Settings"
import { supervised } from "@uptime/runtime/Supervised"
import { Config, Effect, Layer } from "effect"

/** A judge that is never at rest, so that whoever kills it meets it at work. */
runMain({
  name: "judge",
  settings: Config.all({ url: Settings.databaseUrl }),
  layer: ({ url }) =>
    Layer.scopedDiscard(
      Effect.flatMap(Judgements, ({ judgeNext }) => supervised("judge", judgeNext, { every: "5 millis" })),
    ).pipe(
      Layer.provide(Judgements.layer),
      Layer.provide(PostgresSql.layer({ url, applicationName: "judge", maxConnections: 2 })),
    ),
})
