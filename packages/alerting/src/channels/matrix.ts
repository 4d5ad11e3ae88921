import { Schema } from "effect"
import { headline } from "../AlertText.ts"
import { type Channel, jsonField, pathSegment, postJson } from "../Channel.ts"
import { onServer, ServerUrl } from "../ChannelFields.ts"
import { html, plainText, summary } from "../Markup.ts"
import { jsonBytes } from "../TextLimit.ts"

/**
 * A room of Matrix.
 *
 * @param secret how secrets are written
 */
export const matrixConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("matrix"),
    /** The home server, such as `https://matrix.org`. */
    server: ServerUrl,
    /** The access token of an account that is in the room. */
    token: secret,
    roomId: Schema.String.pipe(
      Schema.pattern(/^![^\s/]{1,254}$/, { message: () => "a room's id, such as !abcdef:example.com" }),
    ),
  })
type Config = ReturnType<typeof matrixConfig<string, string>>["Type"]

/**
 * The most bytes of both texts below the title: an event may have 65,536 with all that the server adds. What clients show is
 * the formatted one.
 */
const maxBytes = { plain: 14_000, formatted: 40_000 }

/**
 * `PUT …/send/m.room.message/{txnId}` (https://spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid):
 * the transaction is the idempotency key, by which the server drops what comes twice. `m.mentions` calls nobody.
 */
export const matrix: Channel<Config> = {
  label: "Matrix",
  message: ({ roomId, server, token }, alert) => {
    const title = headline(alert)
    const path = `/_matrix/client/v3/rooms/${pathSegment(roomId)}/send/m.room.message/${pathSegment(alert.idempotencyKey)}`
    const message = postJson(
      onServer(server, path),
      {
        msgtype: "m.text",
        body: `${title}\n${summary(plainText, alert, maxBytes.plain, jsonBytes)}`,
        format: "org.matrix.custom.html",
        formatted_body: `${html.strong(html.text(title))}<br>\n${summary(html, alert, maxBytes.formatted, jsonBytes)}`,
        "m.mentions": {},
      },
      { authorization: `Bearer ${token}` },
    )
    return { ...message, method: "PUT" }
  },
  isDelivered: (answer) => typeof jsonField(answer, "event_id") === "string",
}
