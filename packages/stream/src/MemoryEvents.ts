import { Effect, Layer } from "effect"
import { Events } from "./Events.ts"
import { makeSubscribers } from "./Subscribers.ts"

/** Events within this process, for one that is alone. */
export const layer: Layer.Layer<Events> = Layer.sync(Events, () => {
  const subscribers = makeSubscribers()
  return Events.of({
    publish: (event) => Effect.sync(() => subscribers.tell(event)),
    subscribe: subscribers.subscribe,
  })
})
