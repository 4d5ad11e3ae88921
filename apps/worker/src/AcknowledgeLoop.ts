import { Effect } from "effect"
import type { WorkerContext } from "./WorkerContext.ts"

/** Ids acknowledged by one command. */
const chunk = 1_000

/**
 * One turn of the acknowledger: what is committed is acknowledged, beside the next insert. When it fails the ids stay, and
 * their entries are kept fresh meanwhile: the rows are safe, so nothing is checked again for it.
 */
export const acknowledgeOnce = (context: WorkerContext) =>
  Effect.zipRight(
    context.holdings.until(() => context.holdings.stored.length > 0),
    acknowledgeNow(context),
  )

/** Acknowledges what is committed, without waiting for more. */
export const acknowledgeNow = Effect.fnUntraced(function* ({ consumer, holdings }: WorkerContext) {
  const ids = holdings.stored.slice(0, chunk)
  if (ids.length === 0) return
  yield* consumer.acknowledge(ids)
  holdings.acknowledged(ids.length)
})
