import { Schema } from "effect"
import { type Alert, isOver, toneOf } from "../Alert.ts"
import { headline } from "../AlertText.ts"
import { type Channel, jsonField, pathSegment, postForm } from "../Channel.ts"
import { optional } from "../ChannelFields.ts"
import { plainText, summary } from "../Markup.ts"
import { cut } from "../TextLimit.ts"

/**
 * A user or a group of Pushover.
 *
 * @param secret how secrets are written
 */
export const pushoverConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("pushover"),
    /** The application's token. */
    token: secret,
    /** The key of the user or the group. */
    user: secret,
    device: optional(Schema.String.pipe(Schema.pattern(/^[A-Za-z0-9_-]{1,25}(?:,[A-Za-z0-9_-]{1,25}){0,9}$/))),
    sound: optional(Schema.String.pipe(Schema.pattern(/^[A-Za-z0-9_-]{1,25}$/))),
    /** Of messages that something is wrong: -2 to 2, which must be confirmed; 1 unless given. Of any other 0 at most. */
    priority: optional(Schema.Int.pipe(Schema.between(-2, 2))),
  })
type Config = ReturnType<typeof pushoverConfig<string, string>>["Type"]

const endpoint = "https://api.pushover.net/1"

/** The priority of an emergency, which is repeated until it is confirmed. */
const emergency = 2

/** How often that is, and for how long, in seconds. */
const repetition = { retry: "60", expire: "3600" }

/** Whether nobody need be called any more: somebody is at it, or it is over. */
const isInHand = (alert: Alert): boolean => isOver(alert) || alert.change === "acknowledged"

/**
 * `messages.json` (https://pushover.net/api): a message may have 1,024 characters, a title 250, a URL 512; the answer's
 * `status` is 1 when it was taken. Emergencies carry the incident as a tag, by which all of them stop once it is acknowledged or
 * over (https://pushover.net/api/receipts#cancel_by_tag); that itself rings nobody.
 */
export const pushover: Channel<Config> = {
  label: "Pushover",
  message: ({ device, priority: given = 1, sound, token, user }, alert) => {
    const tone = toneOf(alert)
    const isUrgent = !isInHand(alert) && (tone === "bad" || tone === "warning")
    const priority = isUrgent ? given : Math.min(given, 0)
    const { incidentUrl } = alert
    return postForm(`${endpoint}/messages.json`, {
      token,
      user,
      title: cut(headline(alert), 250),
      message: summary(plainText, { ...alert, incidentUrl: null }, 1_024),
      priority: String(priority),
      timestamp: String(Math.floor(alert.at / 1000)),
      ...(priority === emergency ? { ...repetition, tags: alert.incidentId } : {}),
      ...(device === undefined ? {} : { device }),
      ...(sound === undefined ? {} : { sound }),
      ...(incidentUrl === null || incidentUrl.length > 512 ? {} : { url: incidentUrl, url_title: "Show incident" }),
    })
  },
  withdrawal: ({ priority, token }, alert) =>
    priority === emergency && isInHand(alert)
      ? postForm(`${endpoint}/receipts/cancel_by_tag/${pathSegment(alert.incidentId)}.json`, { token })
      : null,
  isDelivered: (answer) => jsonField(answer, "status") === 1,
}
