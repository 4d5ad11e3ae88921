import type { KindDescription } from "../fields.ts"
import { emailAddress, hostName, line, secretText, whole } from "../rules.ts"

/** Email, by the installation's server or one's own. */
export const email: KindDescription<"email"> = {
  kind: "email",
  label: "Email",
  group: "Email and phone",
  about: "One thread for each incident",
  words: "mail smtp",
  steps: [],
  fields: [
    {
      type: "lines",
      path: "to",
      label: "To",
      rule: emailAddress,
      most: 20,
      placeholder: "ops@example.com",
      hint: "Up to 20 addresses, one a line.",
    },
    {
      type: "branch",
      path: "through",
      label: "Sent by",
      options: [
        { value: "installation", label: "This installation's mail server", has: null },
        { value: "own", label: "A mail server of my own", has: "server" },
      ],
    },
    {
      type: "text",
      path: "server.host",
      label: "Mail server",
      rule: hostName,
      placeholder: "smtp.example.com",
      when: ["through", "own"],
    },
    {
      type: "choice",
      path: "server.security",
      label: "Encryption",
      start: "starttls",
      when: ["through", "own"],
      options: [
        { value: "starttls", label: "STARTTLS" },
        { value: "tls", label: "TLS from the first byte" },
        { value: "none", label: "None" },
      ],
    },
    {
      type: "whole",
      path: "server.port",
      label: "Port",
      optional: true,
      rule: whole(1, 65_535),
      placeholder: "587",
      hint: "587 when left empty, or 465 with TLS from the first byte.",
      when: ["through", "own"],
    },
    {
      type: "text",
      path: "server.from",
      label: "From",
      rule: emailAddress,
      keys: "email",
      placeholder: "uptime@example.com",
      hint: "The address that messages come from.",
      when: ["through", "own"],
    },
    {
      type: "branch",
      path: "login",
      label: "Log in",
      when: ["through", "own"],
      options: [
        { value: "no", label: "Not needed", has: null },
        { value: "yes", label: "With a user name and a password", has: "server.auth" },
      ],
    },
    { type: "text", path: "server.auth.username", label: "User name", rule: line(200), when: ["login", "yes"] },
    { type: "secret", path: "server.auth.password", label: "Password", rule: secretText, when: ["login", "yes"] },
  ],
  shows: "to",
}
