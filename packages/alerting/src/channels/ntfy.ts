import { Schema } from "effect"
import { type AlertTone, toneOf } from "../Alert.ts"
import { headline } from "../AlertText.ts"
import { type Channel, postJson } from "../Channel.ts"
import { authHeaders, onServer, optional, ServerUrl, serverAuth } from "../ChannelFields.ts"
import { plainText, summary } from "../Markup.ts"
import { bytes, cut } from "../TextLimit.ts"

/**
 * A topic of ntfy.
 *
 * @param secret how secrets are written
 */
export const ntfyConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("ntfy"),
    /** `https://ntfy.sh` unless given. */
    server: optional(ServerUrl),
    topic: Schema.String.pipe(
      Schema.pattern(/^[-_A-Za-z0-9]{1,64}$/, { message: () => "a topic: 1 to 64 letters, digits, - or _" }),
    ),
    auth: optional(serverAuth(secret)),
    /** Of messages that something is wrong: 1 to 5; 4 unless given. */
    priority: optional(Schema.Int.pipe(Schema.between(1, 5))),
  })
type Config = ReturnType<typeof ntfyConfig<string, string>>["Type"]

const tags: Readonly<Record<AlertTone, string>> = {
  good: "white_check_mark",
  warning: "warning",
  bad: "rotating_light",
  info: "information_source",
}

/**
 * Publishing as JSON (https://docs.ntfy.sh/publish/#publish-as-json): a `POST` to the server's root. A message beyond 4,096
 * bytes would become an attachment.
 */
export const ntfy: Channel<Config> = {
  label: "ntfy",
  message: ({ auth, priority = 4, server = "https://ntfy.sh", topic }, alert) => {
    const tone = toneOf(alert)
    const { incidentUrl } = alert
    return postJson(
      onServer(server, "/"),
      {
        topic,
        title: cut(headline(alert), 250),
        message: summary(plainText, { ...alert, incidentUrl: null }, 4_096, bytes),
        priority: tone === "bad" || tone === "warning" ? priority : 3,
        tags: [tags[tone]],
        ...(incidentUrl === null ? {} : { click: incidentUrl }),
      },
      authHeaders(auth),
    )
  },
}
