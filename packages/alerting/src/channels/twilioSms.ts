import { Schema } from "effect"
import { headline } from "../AlertText.ts"
import { basicAuthorization, type Channel, postForm } from "../Channel.ts"
import { plainMessage } from "../Markup.ts"

const PhoneNumber = Schema.String.pipe(
  Schema.pattern(/^\+[1-9]\d{4,14}$/, { message: () => "a phone number in E.164, such as +4915112345678" }),
)

/**
 * A phone that gets text messages through Twilio.
 *
 * @param secret how secrets are written
 */
export const twilioSmsConfig = <A, I>(secret: Schema.Schema<A, I>) =>
  Schema.Struct({
    kind: Schema.Literal("twilioSms"),
    accountSid: Schema.String.pipe(
      Schema.pattern(/^AC[0-9a-f]{32}$/, { message: () => "an account's SID: AC and 32 hexadecimal digits" }),
    ),
    authToken: secret,
    /** A number of the account, or the SID of a messaging service. */
    from: Schema.Union(
      PhoneNumber,
      Schema.String.pipe(
        Schema.pattern(/^MG[0-9a-f]{32}$/, {
          message: () => "a messaging service's SID: MG and 32 hexadecimal digits",
        }),
      ),
    ),
    to: PhoneNumber,
  })
type Config = ReturnType<typeof twilioSmsConfig<string, string>>["Type"]

/** Twilio takes 1,600 characters; every 153 of them, or 67 beyond the alphabet of SMS, are paid for as one message. */
const maxBody = 300

/** Messages of the Programmable Messaging API (https://www.twilio.com/docs/messaging/api/message-resource), which answers 201. */
export const twilioSms: Channel<Config> = {
  label: "Twilio SMS",
  message: ({ accountSid, authToken, from, to }, alert) =>
    postForm(
      `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages.json`,
      {
        To: to,
        ...(from.startsWith("MG") ? { MessagingServiceSid: from } : { From: from }),
        Body: plainMessage(headline(alert), alert, maxBody),
      },
      basicAuthorization(accountSid, authToken),
    ),
}
