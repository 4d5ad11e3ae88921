import { GuardedHttp, type GuardedHttpError, type GuardedResponse } from "@uptime/prober/GuardedHttp"
import { Clock, Effect } from "effect"
import type { Alert } from "./Alert.ts"
import type { HttpMessage } from "./Channel.ts"
import type { ChannelKind, PlainChannelConfig } from "./ChannelConfig.ts"
import { isDelivered, labelOf, messageOf, refusalOf, retryAfterSeconds, withdrawalOf } from "./Channels.ts"
import { DeliveryFailed } from "./DeliveryFailed.ts"
import { Mailer } from "./Mailer.ts"
import { retryAfterMs, retryAfterSecondsMs } from "./RetryAfter.ts"
import { signatureHeaders } from "./StandardWebhooks.ts"

/** The deadline of one delivery, in milliseconds. */
export const deliveryTimeoutMs = 10_000

/** How much of an answer is read; what is longer is not asked what it says. */
const maxAnswerBytes = 65_536

/**
 * Sends one message through a channel, once; whether it is tried again is for the caller to decide. It has ended after
 * `deliveryTimeoutMs`.
 *
 * @param config the channel's settings, with secrets in plain; its kind is the channel
 */
export const deliver = (
  config: PlainChannelConfig,
  alert: Alert,
): Effect.Effect<void, DeliveryFailed, GuardedHttp | Mailer> =>
  Effect.suspend<void, DeliveryFailed, GuardedHttp | Mailer>(() => {
    const message = messageOf(config, alert)
    if (message._tag === "Mail") return Effect.flatMap(Mailer, (mailer) => mailer.send(message, deliveryTimeoutMs))
    const { kind } = config
    const { idempotencyKey } = alert
    const withdrawal = withdrawalOf(config, alert)
    if (withdrawal === null) return Effect.asVoid(postMessage(kind, message, idempotencyKey))
    // Both are sent anew on a next try: what went wrong with the first may pass, and only then does the telephone stop.
    return postMessage(kind, withdrawal, idempotencyKey, deliveryTimeoutMs / 2).pipe(
      Effect.catchIf(
        ({ retryable }) => !retryable,
        () => Effect.void,
      ),
      Effect.zipRight(postMessage(kind, message, idempotencyKey, deliveryTimeoutMs / 2)),
      Effect.asVoid,
    )
  })

/**
 * Sends one message over HTTP, once, signed where it is to be; its answer, which says that it was taken.
 *
 * @param id the message's identifier, the same on every try
 * @param timeoutMs how long the answer may take, in milliseconds
 */
export const postMessage = Effect.fnUntraced(function* (
  kind: ChannelKind,
  message: HttpMessage,
  id: string,
  timeoutMs = deliveryTimeoutMs,
): Effect.fn.Return<GuardedResponse, DeliveryFailed, GuardedHttp> {
  const http = yield* GuardedHttp
  const { body, headers, method, signingSecret, url } = message
  const signed = signingSecret === null ? {} : signatureHeaders(signingSecret, id, yield* Clock.currentTimeMillis, body)
  const answer = yield* http
    .request({
      method,
      url,
      headers: { ...headers, ...signed },
      body,
      timeoutMs,
      maxBodyBytes: maxAnswerBytes,
    })
    .pipe(Effect.mapError(unanswered))
  const failure = failureOf(kind, answer, yield* Clock.currentTimeMillis)
  return failure === null ? answer : yield* failure
})

const failed = (retryable: boolean, message: string, retryAfter: number | null = null): DeliveryFailed =>
  new DeliveryFailed({ retryable, retryAfterMs: retryAfter, message })

/** What can never be sent stays so; whatever else went wrong may pass. */
const permanent: ReadonlySet<GuardedHttpError["reason"]> = new Set<GuardedHttpError["reason"]>([
  "malformedUrl",
  "malformedHeader",
  "blocked",
])

const unanswered = ({ message, reason }: GuardedHttpError): DeliveryFailed =>
  permanent.has(reason) ? failed(false, `not sent: ${message}`) : failed(true, `no answer: ${message}`)

/** Of the 4xx, those that say nothing about the message: it took too long, came too early or too often (RFC 9110, 6585, 8470). */
const passing: ReadonlySet<number> = new Set([408, 425, 429])

/**
 * Why an answer is no delivery; null when it is one. An answer of 200 to 299 that says otherwise is final: to send again what
 * a receiver took, and whose answer was only misread, would tell people the same for a day.
 */
export const failureOf = (kind: ChannelKind, answer: GuardedResponse, nowMs: number): DeliveryFailed | null => {
  const { headers, status } = answer
  if (status >= 200 && status < 300) {
    if (isDelivered(kind, answer) || isCutJson(answer)) return null
    const meaning = refusalOf(kind, status)
    if (meaning !== null) return failed(false, `answered with status ${status}: ${meaning}`)
    return failed(false, `the answer is not the one that ${labelOf(kind)} gives to a message it takes`)
  }
  if (status >= 300 && status < 400) {
    return failed(false, `redirected with status ${status}, which is not followed: give the address it leads to`)
  }
  if (status >= 500 || passing.has(status)) {
    const seconds = retryAfterSeconds(kind, answer)
    const wait = seconds === null ? retryAfterMs(headers["retry-after"], nowMs) : retryAfterSecondsMs(seconds)
    return failed(true, `status ${status}`, wait)
  }
  const meaning = refusalOf(kind, status)
  return new DeliveryFailed({
    retryable: false,
    retryAfterMs: null,
    message: `refused with status ${status}${meaning === null ? "" : `: ${meaning}`}`,
    isGone: status === 410,
  })
}

/** Whether an answer is JSON that was too long to be read to its end: what it says cannot be told, and its status counts. */
const isCutJson = ({ body, isTruncated }: GuardedResponse): boolean => isTruncated && /^\s*[[{]/.test(body)
