import { Dispatcher } from "@uptime/alerting/Dispatcher"
import { supervised } from "@uptime/runtime/Supervised"
import { Effect } from "effect"
import { ifWaiting } from "./IfWaiting.ts"

/** How often the outbox is looked into. */
const tick = "1 second"

/** A database that comes back is used again this soon. */
const maxBackoff = "2 seconds"

/** The fiber that sends messages, once a second, until none is due. Any number of producers may do this at once. */
export const dispatchLoop = Effect.flatMap(Dispatcher, ({ dispatch }) =>
  supervised("dispatch", ifWaiting("messages")(dispatch), { every: tick, maxBackoff }),
)
