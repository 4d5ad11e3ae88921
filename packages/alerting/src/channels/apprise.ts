import { lineOfText } from "@uptime/domain/Text"
import { Schema } from "effect"
import { type AlertTone, toneOf } from "../Alert.ts"
import { headline } from "../AlertText.ts"
import { type Channel, postJson } from "../Channel.ts"
import { authHeaders, onServer, optional, ServerUrl, serverAuth } from "../ChannelFields.ts"
import { plainText, roomForAll, summary } from "../Markup.ts"

/**
 * An Apprise API server, and through it everything that Apprise knows.
 *
 * @param secret how secrets are written
 */
export const appriseConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("apprise"),
    server: ServerUrl,
    auth: optional(serverAuth(secret)),
    /** The key of a configuration that the server keeps. */
    key: optional(
      Schema.String.pipe(Schema.pattern(/^[A-Za-z0-9_-]{1,64}$/, { message: () => "a key: letters, digits, - and _" })),
    ),
    /** Apprise URLs with commas between, where the server keeps none. */
    urls: optional(secret),
    /** Of what the server keeps under the key only services with this tag. */
    tag: optional(lineOfText(1, 200)),
  }).pipe(
    Schema.filter(({ key, tag, urls }) => {
      if ((key === undefined) === (urls === undefined)) return "give either key or urls"
      return tag === undefined || key !== undefined || { path: ["tag"], message: "belongs to a key: urls are all told" }
    }),
  )
type Config = ReturnType<typeof appriseConfig<string, string>>["Type"]

const types: Readonly<Record<AlertTone, string>> = { good: "success", warning: "warning", bad: "failure", info: "info" }

/**
 * `POST /notify/` and `/notify/{key}` (https://github.com/caronc/apprise-api#api-details). Only 200 says that everybody was told:
 * 204 that there was nobody to tell, and 424 that somebody was not, which is final, since the others would be told again.
 */
export const apprise: Channel<Config> = {
  label: "Apprise",
  message: ({ auth, key, server, tag, urls }, alert) =>
    postJson(
      onServer(server, `/notify/${key ?? ""}`),
      {
        ...(urls === undefined ? {} : { urls }),
        ...(tag === undefined ? {} : { tag }),
        title: headline(alert),
        body: summary(plainText, alert, roomForAll),
        type: types[toneOf(alert)],
        format: "text",
      },
      authHeaders(auth),
    ),
  isDelivered: ({ status }) => status === 200,
  refusals: {
    204: "it has no service to tell",
    424: "at least one of its services was not told, or none has the tag; the others may have been",
  },
}
