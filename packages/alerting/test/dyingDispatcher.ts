import { Outbox } from "@uptime/persistence/Outbox"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { policyConfig } from "@uptime/prober/TargetGuard"
import { runMain } from "@uptime/runtime/Main"
import { SecretBox } from "@uptime/runtime/SecretBox"
import * as Settings from "@uptime/runtime/Settings"
import { supervised } from "@uptime/runtime/Supervised"
import { Config, Effect, Layer, Option } from "effect"
import { Dispatcher } from "../src/Dispatcher.ts"
import { Mailer } from "../src/Mailer.ts"

/**
 * A dispatcher over an outbox that kills the process right when a message that was sent is about to be marked: the instant
 * that no signal from outside can hit on purpose.
 */
const deadly = Layer.effect(
  Outbox,
  Effect.map(Outbox, (outbox) =>
    Outbox.of({ ...outbox, sent: () => Effect.sync(() => void process.kill(process.pid, "SIGKILL")) }),
  ),
)

runMain({
  name: "dispatcher",
  settings: Config.all({ url: Settings.databaseUrl, policy: policyConfig(true) }),
  layer: ({ policy, url }) =>
    Layer.scopedDiscard(Effect.flatMap(Dispatcher, ({ dispatch }) => supervised("dispatch", dispatch))).pipe(
      Layer.provide(Dispatcher.layer({ publicUrl: null })),
      Layer.provide(deadly),
      Layer.provide([
        Outbox.layer,
        GuardedHttp.layer(policy),
        Mailer.layer(policy, { installation: Option.none() }),
        SecretBox.layer(Option.none()),
      ]),
      Layer.provide(PostgresSql.layer({ url, applicationName: "dispatcher", maxConnections: 2 })),
    ),
})
