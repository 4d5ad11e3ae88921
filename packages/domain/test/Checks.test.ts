import { assert, describe, it } from "@effect/vitest"
import { heartbeatOptions, TimeZoneName } from "@uptime/domain/checks/HeartbeatCheck"
import { httpOptions, Pem, StatusRange } from "@uptime/domain/checks/HttpCheck"
import { dnsOptions, domainOptions } from "@uptime/domain/checks/NameChecks"
import { databaseOptions, smtpOptions } from "@uptime/domain/checks/ServiceChecks"
import { pingOptions, tcpOptions, tlsOptions, websocketOptions } from "@uptime/domain/checks/SocketChecks"
import { SealedSecret } from "@uptime/domain/Secret"
import { Either, Schema } from "effect"

const all = <A, I>(schema: Schema.Schema<A, I>, values: ReadonlyArray<unknown>): void => {
  for (const value of values) {
    assert.isTrue(Either.isRight(Schema.decodeUnknownEither(schema)(value)), JSON.stringify(value))
  }
}

const none = <A, I>(schema: Schema.Schema<A, I>, values: ReadonlyArray<unknown>): void => {
  for (const value of values) {
    assert.isTrue(Either.isLeft(Schema.decodeUnknownEither(schema)(value)), JSON.stringify(value))
  }
}

describe("the options of a check", () => {
  it("may all be left out, but for a heartbeat's", () => {
    all(httpOptions(SealedSecret), [{}])
    all(Schema.Union(tcpOptions, dnsOptions, pingOptions, tlsOptions, domainOptions), [{}])
    none(heartbeatOptions, [{}])
  })

  it("of a heartbeat are a period or a cron expression, with a time zone for the second alone", () => {
    all(heartbeatOptions, [
      { periodSeconds: 10 },
      { periodSeconds: 3600, graceSeconds: 0 },
      { cron: "*/5 * * * *" },
      { cron: "0 3 * * 1-5", timeZone: "Europe/Berlin", graceSeconds: 600 },
    ])
    none(heartbeatOptions, [
      { periodSeconds: 9 },
      { periodSeconds: 1.5 },
      { graceSeconds: 60 },
      { cron: "every five minutes" },
      { cron: "* * * *" },
      { cron: "61 * * * *" },
      { cron: "*/5 * * * *", periodSeconds: 300 },
      { periodSeconds: 300, timeZone: "UTC" },
      { cron: "*/5 * * * *", timeZone: "Berlin" },
    ])
    all(TimeZoneName, ["UTC", "America/Argentina/Buenos_Aires"])
    none(TimeZoneName, ["", "+02:00", "Mars/Olympus", "x".repeat(65)])
  })

  it("of HTTP name what counts as up, and certificates in PEM", () => {
    all(StatusRange, ["200", "200-299", "404-404"])
    none(StatusRange, ["", "99", "600", "200-", "299-200", "2xx", "200,201"])
    all(Pem, ["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"])
    none(Pem, ["", "MIIB", "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"])
    all(httpOptions(SealedSecret), [
      { auth: { type: "bearer", token: { sealed: "v1:A" } } },
      {
        auth: { type: "oauth2", tokenUrl: "https://id.example/token", clientId: "a", clientSecret: { sealed: "v1:A" } },
      },
      { body: { type: "json", content: '{\n\t"a": 1\n}' } },
    ])
    none(httpOptions(SealedSecret), [
      { method: "TRACE" },
      { auth: { type: "bearer", token: "plain" } },
      { auth: { type: "digest" } },
      { auth: { type: "oauth2", tokenUrl: "file:///etc", clientId: "a", clientSecret: { sealed: "v1:A" } } },
      { body: { type: "json", content: "\u0000" } },
      { maxRedirects: 11 },
      { acceptedStatus: [] },
    ])
  })

  it("of names are records and servers as they are written", () => {
    all(dnsOptions, [
      { type: "MX", expect: { match: "any", records: ["10 mail.example.com"] } },
      { resolver: "9.9.9.9" },
      { resolver: "9.9.9.9:5353" },
      { resolver: "[2620:fe::fe]:53" },
    ])
    none(dnsOptions, [
      { type: "AXFR" },
      { resolver: "dns.example.com" },
      { resolver: "2620:fe::fe" },
      { expect: { match: "all", records: [] } },
    ])
    none(domainOptions, [{ warnDays: -1 }, { warnDays: 366 }])
  })

  it("of servers and sockets stay within their bounds", () => {
    all(tcpOptions, [{ send: "PING\\r\\n", expect: "PONG" }, { startTls: "smtp" }])
    none(tcpOptions, [{ send: "" }, { send: "x".repeat(1_001) }, { startTls: "ldap" }])
    none(pingOptions, [{ count: 0 }, { sizeBytes: 15 }, { sizeBytes: 1_401 }, { maxLossPercent: 100 }])
    none(tlsOptions, [{ serverName: "a b" }, { warnDays: 400 }])
    none(websocketOptions(SealedSecret), [
      { subprotocols: ["a b"] },
      { secretHeaders: [{ name: "a:", value: { sealed: "v1:A" } }] },
    ])
    all(smtpOptions(SealedSecret), [{ tls: "require", auth: { username: "a", password: { sealed: "v1:A" } } }])
    none(smtpOptions(SealedSecret), [{ tls: "maybe" }, { auth: { username: "", password: { sealed: "v1:A" } } }])
    all(databaseOptions(SealedSecret), [{ query: "SELECT 1\n\tFROM a", username: "a", password: { sealed: "v1:A" } }])
    none(databaseOptions(SealedSecret), [{ query: "" }, { query: "x".repeat(2_001) }, { password: "plain" }])
  })
})
