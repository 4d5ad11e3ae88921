import type { KindDescription } from "../fields.ts"
import { matching, secretText } from "../rules.ts"

const phoneNumber = /\+[1-9]\d{4,14}/

/** Text messages, by Twilio. */
export const twilioSms: KindDescription<"twilioSms"> = {
  kind: "twilioSms",
  label: "SMS by Twilio",
  group: "Email and phone",
  about: "Text messages to a phone",
  words: "phone text message",
  steps: ["On console.twilio.com, copy the account SID, the auth token and a number of yours that sends SMS."],
  fields: [
    {
      type: "text",
      path: "accountSid",
      label: "Account SID",
      rule: matching(/AC[0-9a-f]{32}/, "AC and 32 hexadecimal digits."),
      placeholder: "AC…",
    },
    { type: "secret", path: "authToken", label: "Auth token", rule: secretText },
    {
      type: "text",
      path: "from",
      label: "From",
      rule: matching(
        /\+[1-9]\d{4,14}|MG[0-9a-f]{32}/,
        "A number such as +15005550006, or a messaging service's SID: MG and 32 hexadecimal digits.",
      ),
      keys: "tel",
      placeholder: "+15005550006",
      hint: "A number of the account, or the SID of a messaging service.",
    },
    {
      type: "text",
      path: "to",
      label: "To",
      rule: matching(phoneNumber, "A number with its country, such as +4915112345678."),
      keys: "tel",
      placeholder: "+4915112345678",
    },
  ],
  shows: "to",
}
