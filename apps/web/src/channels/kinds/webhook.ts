import type { KindDescription } from "../fields.ts"
import { line, matching, secretText, webUrl } from "../rules.ts"

const headerName = matching(/[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}/, "1 to 100 letters, digits or one of !#$%&'*+.^_`|~-.")

const headerValue = (text: string): string | undefined =>
  text.length <= 2_000 && /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/.test(text)
    ? undefined
    : "Visible ASCII, at most 2,000 characters, without spaces at its ends."

/** A webhook: JSON to any address. */
export const webhook: KindDescription<"webhook"> = {
  kind: "webhook",
  label: "Webhook",
  group: "Your own systems",
  about: "JSON to an address of yours, signed if you like",
  words: "http post json zapier n8n make",
  steps: [],
  fields: [
    {
      type: "text",
      path: "url",
      label: "URL",
      rule: webUrl,
      keys: "url",
      placeholder: "https://example.com/hooks/uptime",
      hint: "It gets a POST with JSON for every message, and answers with a status from 200 to 299.",
    },
    {
      type: "secret",
      path: "signingSecret",
      label: "Signing secret",
      optional: true,
      rule: secretText,
      hint: "Messages are then signed by Standard Webhooks. whsec_ and base64, or any other text.",
    },
    {
      type: "pairs",
      path: "headers",
      label: "Headers",
      optional: true,
      each: "header",
      most: 20,
      name: headerName,
      value: headerValue,
      emptyValues: true,
    },
    {
      type: "pairs",
      path: "secretHeaders",
      label: "Secret headers",
      optional: true,
      each: "secret header",
      most: 10,
      name: headerName,
      value: secretText,
      secret: true,
      hint: "Such as Authorization: their values are never shown again.",
    },
    {
      type: "text",
      path: "reference",
      label: "Reference",
      optional: true,
      rule: line(200),
      hint: "Sent along with every message, for the receiver to know whose it is.",
    },
  ],
  shows: "url",
}
