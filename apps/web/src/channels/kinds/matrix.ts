import type { KindDescription } from "../fields.ts"
import { matching, secretText, serverUrl } from "../rules.ts"

/** Matrix, by the client API. */
export const matrix: KindDescription<"matrix"> = {
  kind: "matrix",
  label: "Matrix",
  group: "Chat",
  about: "Messages in a room, from an account that is in it",
  words: "element synapse",
  steps: [
    "Make an account for the messages and invite it to the room, which must not be encrypted.",
    "In Element as that account: “Settings”, “Help & About”, “Advanced”, copy the access token.",
    "The room's id is in its settings, under “Advanced”.",
  ],
  fields: [
    {
      type: "text",
      path: "server",
      label: "Home server",
      rule: serverUrl,
      keys: "url",
      placeholder: "https://matrix.org",
    },
    { type: "secret", path: "token", label: "Access token", rule: secretText },
    {
      type: "text",
      path: "roomId",
      label: "Room",
      rule: matching(/![^\s/]{1,254}/, "A room's id, such as !abcdef:example.com."),
      placeholder: "!abcdef:example.com",
      hint: "The id, which begins with !, and not the address, which begins with #.",
    },
  ],
  shows: "roomId",
}
