import { Schema } from "effect"
import { toneOf } from "../Alert.ts"
import { headline } from "../AlertText.ts"
import { type Channel, jsonField, postForm } from "../Channel.ts"
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
    /** Of messages that something is wrong: -2 to 2, which must be confirmed; 1 unless given. */
    priority: optional(Schema.Int.pipe(Schema.between(-2, 2))),
  })
type Config = ReturnType<typeof pushoverConfig<string, string>>["Type"]

/** How often an emergency is repeated until it is confirmed, and for how long, in seconds. */
const emergency = { retry: "60", expire: "3600" }

/**
 * `messages.json` (https://pushover.net/api): a message may have 1,024 characters, a title 250, a URL 512; the answer's
 * `status` is 1 when it was taken.
 */
export const pushover: Channel<Config> = {
  label: "Pushover",
  message: ({ device, priority: given = 1, sound, token, user }, alert) => {
    const tone = toneOf(alert)
    const priority = tone === "bad" || tone === "warning" ? given : 0
    const { incidentUrl } = alert
    return postForm("https://api.pushover.net/1/messages.json", {
      token,
      user,
      title: cut(headline(alert), 250),
      message: summary(plainText, { ...alert, incidentUrl: null }, 1_024),
      priority: String(priority),
      timestamp: String(Math.floor(alert.at / 1000)),
      ...(priority === 2 ? emergency : {}),
      ...(device === undefined ? {} : { device }),
      ...(sound === undefined ? {} : { sound }),
      ...(incidentUrl === null || incidentUrl.length > 512 ? {} : { url: incidentUrl, url_title: "Show incident" }),
    })
  },
  isDelivered: (answer) => jsonField(answer, "status") === 1,
}
