import { Outbox } from "@uptime/persistence/Outbox"
import type { OutboxMessage } from "@uptime/persistence/OutboxReads"
import type { StoreError } from "@uptime/persistence/StoreError"
import type { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { finishWithin } from "@uptime/runtime/FinishWithin"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { Clock, Context, Effect, FiberSet, Layer, Metric, Queue, Schema } from "effect"
import { alertOf, type Installation } from "./AlertOf.ts"
import { type PlainChannelConfig, StoredChannelConfig } from "./ChannelConfig.ts"
import { unsealSecrets } from "./ChannelSecrets.ts"
import { noneConfirmed, toConfirmedOnly } from "./ConfirmedRecipients.ts"
import { deliver, deliveryTimeoutMs } from "./Delivery.ts"
import { DeliveryFailed } from "./DeliveryFailed.ts"
import { noteDelivery } from "./DeliveryNote.ts"
import * as DispatchMetrics from "./DispatchMetrics.ts"
import { noneLeft, toThoseLeft } from "./LeftRecipients.ts"
import type { Mailer } from "./Mailer.ts"

/** The most messages that one dispatcher sends at once. */
const maxAtOnce = 16

/** How long deliveries that are under way may go on when the process stops. */
const finishLimit = "10 seconds"

/** How long to wait for a place, or for a delivery to make way for the next of its channel, before looking again anyway. */
const waitLimit = "1 second"

/**
 * Sends what is in the outbox. Any number of processes may do so at once.
 *
 * A message is marked as sent once it was: a process that ends in between sends it again, with the same idempotency key.
 */
export class Dispatcher extends Context.Tag("@uptime/alerting/Dispatcher")<
  Dispatcher,
  {
    /**
     * Sends messages until none is due, 16 at once; one that hangs keeps its place and no other. Each has ended after 10 s,
     * and is tried again as `retryDelayMs` says.
     *
     * @returns how many deliveries were begun
     */
    readonly dispatch: Effect.Effect<number, StoreError>
  }
>() {
  /** Deliveries that are under way when its scope closes may end, within 10 s. */
  static readonly layer = (
    installation: Installation,
  ): Layer.Layer<Dispatcher, never, Outbox | SecretBox | GuardedHttp | Mailer> =>
    Layer.scoped(
      Dispatcher,
      Effect.gen(function* () {
        const outbox = yield* Outbox
        const context = yield* Effect.context<GuardedHttp | Mailer | SecretBox>()
        const running = yield* FiberSet.make<void>()
        const ended = yield* Queue.sliding<void>(1)
        const begin = (message: OutboxMessage) =>
          FiberSet.run(
            running,
            deliverOne(outbox, installation, message).pipe(
              Effect.provide(context),
              finishWithin(finishLimit),
              Effect.ensuring(Queue.offer(ended, undefined)),
              Effect.interruptible,
            ),
          )
        /** What is leased is begun, also when the process stops just then. */
        const beginSome = (places: number) =>
          Effect.uninterruptible(
            Effect.tap(outbox.lease(places), (messages) => Effect.forEach(messages, begin, { discard: true })),
          )
        const dispatch = Effect.gen(function* () {
          let begun = 0
          while (true) {
            const underWay = yield* FiberSet.size(running)
            const messages = underWay < maxAtOnce ? yield* beginSome(maxAtOnce - underWay) : []
            begun += messages.length
            if (messages.length > 0) continue
            if (underWay === 0) return begun
            yield* Effect.timeoutOption(Queue.take(ended), waitLimit)
          }
        })
        return Dispatcher.of({ dispatch })
      }),
    )
}

/** One try to deliver a message, and what becomes of it; whatever goes wrong, the message is tried again or dead. */
const deliverOne = Effect.fnUntraced(function* (
  outbox: Outbox["Type"],
  installation: Installation,
  message: OutboxMessage,
) {
  const began = yield* Clock.currentTimeMillis
  const failure = yield* configOf(message).pipe(
    Effect.flatMap((config) => deliver(config, alertOf(message, installation))),
    Effect.timeoutFail({ duration: deliveryTimeoutMs + 1_000, onTimeout: () => failed(true, "no answer in time") }),
    Effect.as(null),
    Effect.catchTag("DeliveryFailed", Effect.succeed),
    Effect.catchAllDefect((defect) =>
      Effect.as(
        Effect.logError("a message could not be made", defect).pipe(Effect.annotateLogs({ change: message.change })),
        failed(true, "not sent: a fault of this installation, which its log has"),
      ),
    ),
  )
  const kind = kindOf(message.config)
  yield* Metric.update(
    Metric.tagged(DispatchMetrics.deliveryDuration, "kind", kind),
    ((yield* Clock.currentTimeMillis) - began) / 1000,
  )
  const noted = failure?.ofThoseLeft(message.recipientsLeft) ?? null
  const state = yield* noteDelivery(outbox, kind, message, noted)
  if (state === "dead") {
    yield* Effect.logWarning("a message could not be delivered").pipe(
      Effect.annotateLogs({ incidentId: message.incidentId, channelId: message.channelId, reason: failure?.message }),
    )
  }
})

const failed = (retryable: boolean, message: string): DeliveryFailed =>
  new DeliveryFailed({ retryable, retryAfterMs: null, message })

const decodeConfig = Schema.decodeUnknown(StoredChannelConfig)

/** The settings of a message's channel with secrets in plain, and with those recipients alone that it is to be sent to. */
const configOf = Effect.fnUntraced(function* ({
  config,
  confirmedRecipients,
  recipientsLeft,
}: OutboxMessage): Effect.fn.Return<PlainChannelConfig, DeliveryFailed, SecretBox> {
  if (config === null) return yield* failed(false, "not sent: the channel is turned off, or was deleted")
  const stored = yield* decodeConfig(config).pipe(
    Effect.mapError(() => failed(false, "not sent: the channel's settings are not ones that this release knows")),
  )
  const { unseal } = yield* SecretBox
  const plain = yield* unsealSecrets(stored, unseal).pipe(
    Effect.mapError(({ message }) => failed(true, `not sent: ${message}`)),
  )
  const allowed = toConfirmedOnly(plain, confirmedRecipients)
  if (allowed === null) return yield* failed(false, noneConfirmed)
  const named = toThoseLeft(allowed, recipientsLeft)
  return named === null ? yield* failed(false, noneLeft) : named
})

/** The kind of a channel, for metrics: one of a bounded set. */
const kindOf = (config: unknown): string => {
  const kind = typeof config === "object" && config !== null ? Reflect.get(config, "kind") : null
  return typeof kind === "string" && /^[A-Za-z]{1,30}$/.test(kind) ? kind : "unknown"
}
