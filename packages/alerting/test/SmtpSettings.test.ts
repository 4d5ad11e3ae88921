import { assert, describe, it } from "@effect/vitest"
import type { SmtpServer } from "@uptime/alerting/Channel"
import { parseSmtpUrl, smtpConfig } from "@uptime/alerting/SmtpSettings"
import { ConfigProvider, Effect, Either, Option, Redacted } from "effect"

const settings = (variables: Readonly<Record<string, string>>) =>
  smtpConfig.pipe(Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables)))))

describe("an SMTP URL", () => {
  const good: ReadonlyArray<readonly [string, Partial<SmtpServer>]> = [
    ["smtps://mail.example.com", { host: "mail.example.com", port: 465, security: "tls" }],
    ["smtp://mail.example.com", { host: "mail.example.com", port: 587, security: "starttls" }],
    ["smtp://127.0.0.1?security=none", { host: "127.0.0.1", port: 25, security: "none" }],
    ["smtp://[::1]:2525/?security=none", { host: "::1", port: 2525, security: "none" }],
    ["smtp://a%40b:p%3Aw@mail:25", { host: "mail", port: 25, security: "starttls", username: "a@b", password: "p:w" }],
    ["smtps://bot@mail", { host: "mail", port: 465, security: "tls", username: "bot", password: "" }],
  ]
  it.each(good)("%s is read", (text, expected) =>
    assert.deepEqual<Partial<SmtpServer>>(Either.getOrThrow(parseSmtpUrl(text)), {
      username: null,
      password: null,
      ...expected,
    }),
  )

  const bad = [
    "",
    "mail.example.com",
    "http://mail.example.com",
    "smtp://",
    "smtp://mail:0",
    "smtp://mail:99999",
    "smtp://mail/path",
    "smtp://mail?security=maybe",
    "smtps://mail?security=none",
    "smtp://:s3cr3t@mail",
    "smtp://%ff:s3cr3t@mail",
    "smtp://mail#s3cr3t",
  ]
  it.each(bad)("%j is refused, and not quoted", (text) => {
    const problem = Option.getOrThrow(Either.getLeft(parseSmtpUrl(text)))
    assert.notInclude(problem, "s3cr3t")
    assert.include(problem, "smtp or smtps URL")
  })
})

describe("the installation's own mail server", () => {
  it.effect("is none unless it is set", () =>
    Effect.map(settings({}), (server) => assert.isTrue(Option.isNone(server))),
  )

  it.effect("is read from SMTP_URL and SMTP_FROM, and never printed", () =>
    Effect.gen(function* () {
      const server = Option.getOrThrow(
        yield* settings({ SMTP_URL: "smtps://bot:s3cr3t@mail.example.com", SMTP_FROM: "uptime@example.com" }),
      )
      assert.notInclude(`${server} ${JSON.stringify(server)}`, "s3cr3t")
      assert.deepEqual(Redacted.value(server), {
        host: "mail.example.com",
        port: 465,
        security: "tls",
        username: "bot",
        password: "s3cr3t",
        from: "uptime@example.com",
      })
    }),
  )

  const wrong: ReadonlyArray<readonly [Readonly<Record<string, string>>, string]> = [
    [{ SMTP_URL: "smtps://mail.example.com" }, "SMTP_FROM"],
    [{ SMTP_FROM: "uptime@example.com" }, "SMTP_URL"],
    [{ SMTP_URL: "smtps://mail.example.com", SMTP_FROM: "Uptime <a@b>" }, "SMTP_FROM must be an email address"],
    [{ SMTP_URL: "s3cr3t", SMTP_FROM: "uptime@example.com" }, "SMTP_URL must be an smtp or smtps URL"],
  ]
  it.effect.each(wrong)("stops the start with one line where it is wrong: %j", ([variables, words]) =>
    Effect.map(Effect.flip(settings(variables)), (error) => {
      assert.include(String(error), words)
      assert.notInclude(String(error), "s3cr3t")
    }),
  )
})
