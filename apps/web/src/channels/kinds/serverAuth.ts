import type { ChannelField } from "../fields.ts"
import { line, secretText } from "../rules.ts"

/** How a server that people run themselves is told who sends. */
export const serverAuth: ReadonlyArray<ChannelField> = [
  {
    type: "choice",
    path: "auth.type",
    label: "Log in",
    start: "",
    options: [
      { value: "", label: "Not needed" },
      { value: "basic", label: "With a user name and a password" },
      { value: "bearer", label: "With a token" },
    ],
  },
  { type: "text", path: "auth.username", label: "User name", rule: line(200), when: ["auth.type", "basic"] },
  { type: "secret", path: "auth.password", label: "Password", rule: secretText, when: ["auth.type", "basic"] },
  {
    type: "secret",
    path: "auth.token",
    label: "Token",
    rule: secretText,
    when: ["auth.type", "bearer"],
    hint: "Sent as a bearer token.",
  },
]
