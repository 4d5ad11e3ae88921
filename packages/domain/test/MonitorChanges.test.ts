import { assert, describe, it } from "@effect/vitest"
import { maxSpecLength } from "@uptime/domain/Job"
import type { MonitorSettings } from "@uptime/domain/Monitor"
import { changeSettings, defaultSettings, type MonitorChanges } from "@uptime/domain/MonitorChanges"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import { Either, Schema } from "effect"

const url = Schema.decodeSync(MonitorUrl)
const sealed = (text: string) => ({ sealed: `v1:${text}` })
const kept = { kept: true } as const

const made = (text: string, changes: MonitorChanges = {}): MonitorSettings =>
  Either.getOrThrow(changeSettings(defaultSettings(url(text), 60), changes))

const issues = (before: MonitorSettings, changes: MonitorChanges) =>
  Either.match(changeSettings(before, changes), {
    onLeft: (found) => found.map(({ path }) => path.join(".")),
    onRight: () => [],
  })

const withSecrets = made("https://example.com/", {
  http: {
    auth: { type: "basic", username: "ann", password: sealed("password") },
    secretHeaders: [
      { name: "X-One", value: sealed("one") },
      { name: "X-Two", value: sealed("two") },
    ],
  },
})

describe("changes of a monitor", () => {
  it("change what they name, and nothing else", () => {
    const before = made("https://example.com/", {
      conditions: [{ condition: "[STATUS] == 200", severity: "Down" }],
      http: { method: "HEAD" },
      confirmation: { failures: 3 },
      alerts: { reminderMinutes: 5 },
      group: "shop",
    })
    assert.deepStrictEqual(Either.getOrThrow(changeSettings(before, {})), before)
    const after = Either.getOrThrow(
      changeSettings(before, { confirmation: { minRegions: 2 }, alerts: { fold: false }, group: null, name: "New" }),
    )
    assert.deepStrictEqual(after, {
      ...before,
      name: "New",
      confirmation: { failures: 3, successes: 2, retrySeconds: 30, minRegions: 2 },
      alerts: { on: ["Down"], channels: null, escalationId: null, reminderMinutes: 5, fold: false },
      group: null,
    })
    // The options of a kind are one thing.
    assert.deepStrictEqual(Either.getOrThrow(changeSettings(before, { http: { maxRedirects: 0 } })).check.http, {
      maxRedirects: 0,
    })
  })

  it("leave nothing behind that is empty", () => {
    const before = made("https://example.com/", {
      conditions: [{ condition: "[STATUS] == 200", severity: "Down" }],
      http: { method: "HEAD" },
    })
    assert.deepStrictEqual(Either.getOrThrow(changeSettings(before, { conditions: [], http: {} })).check, {})
  })

  it("keep the secrets whose mask was sent back, also among others and in another order", () => {
    const { check } = Either.getOrThrow(
      changeSettings(withSecrets, {
        http: {
          auth: { type: "basic", username: "bob", password: kept },
          secretHeaders: [
            { name: "x-two", value: kept },
            { name: "X-Three", value: sealed("three") },
            { name: "X-One", value: kept },
          ],
        },
      }),
    )
    assert.deepStrictEqual(check.http, {
      auth: { type: "basic", username: "bob", password: sealed("password") },
      secretHeaders: [
        { name: "x-two", value: sealed("two") },
        { name: "X-Three", value: sealed("three") },
        { name: "X-One", value: sealed("one") },
      ],
    })
  })

  it("keep no secret that was not there, or was something else", () => {
    assert.deepStrictEqual(
      issues(withSecrets, {
        http: {
          auth: { type: "bearer", token: kept },
          secretHeaders: [
            { name: "X-One", value: kept },
            { name: "X-One", value: kept },
          ],
        },
      }),
      ["http.secretHeaders.1.value", "http.auth.token"],
    )
    assert.deepStrictEqual(issues(made("redis://example.com"), { redis: { password: kept } }), ["redis.password"])
  })

  it("send no secret that stays what it is to another server than it was given for", () => {
    const masks: MonitorChanges = {
      http: {
        auth: { type: "basic", username: "ann", password: kept },
        secretHeaders: [{ name: "X-One", value: kept }],
      },
    }
    const all = ["http.secretHeaders.0.value", "http.auth.password"]
    for (const other of ["http://example.com/", "https://example.org/", "https://example.com:8443/"]) {
      assert.deepStrictEqual(issues(withSecrets, { ...masks, url: url(other) }), all)
      assert.deepStrictEqual(issues(withSecrets, { url: url(other) }).sort(), [
        "http.auth.password",
        "http.secretHeaders.0.value",
        "http.secretHeaders.1.value",
      ])
      const given: MonitorChanges = { http: { auth: { type: "basic", username: "ann", password: sealed("new") } } }
      assert.deepStrictEqual(issues(withSecrets, { ...given, url: url(other) }), [])
      assert.deepStrictEqual(issues(withSecrets, { http: {}, url: url(other) }), [])
    }
    for (const same of ["https://example.com/other?a=1", "https://EXAMPLE.com:443/"]) {
      assert.deepStrictEqual(issues(withSecrets, { ...masks, url: url(same) }), [])
      assert.deepStrictEqual(issues(withSecrets, { url: url(same) }), [])
    }
    const redis = made("redis://example.com", { redis: { password: sealed("password") } })
    assert.deepStrictEqual(issues(redis, { url: url("redis://example.com:6380") }), ["redis.password"])
    assert.deepStrictEqual(issues(redis, { url: url("redis://example.com:6379") }), [])
    const oauth = (tokenUrl: string, clientSecret: typeof kept | ReturnType<typeof sealed>): MonitorChanges => ({
      http: { auth: { type: "oauth2", tokenUrl, clientId: "ann", clientSecret } },
    })
    const withTokens = made("https://example.com/", oauth("https://login.example.com/token", sealed("secret")))
    assert.deepStrictEqual(issues(withTokens, oauth("https://evil.example.org/token", kept)), [
      "http.auth.clientSecret",
    ])
    assert.deepStrictEqual(issues(withTokens, oauth("https://login.example.com/other", kept)), [])
  })

  it("name the options that are of another kind than the URL", () => {
    assert.deepStrictEqual(issues(made("tcp://example.com:25"), { http: {}, tls: {}, tcp: {} }), ["http", "tls"])
    assert.deepStrictEqual(issues(withSecrets, { url: url("tcp://example.com:25"), http: {} }), ["http"])
    assert.deepStrictEqual(issues(withSecrets, { url: url("tcp://example.com:25"), tcp: { send: "x" } }), [])
  })

  it("refuse options that would silently do nothing, and those that no check can use", () => {
    const password = sealed("password")
    for (const [text, changes, paths] of [
      ["postgres://example.com", { postgres: { password } }, ["postgres.username"]],
      ["postgres://example.com", { postgres: { query: "SELECT 1", tls: "require" } }, ["postgres.username"]],
      ["mysql://example.com", { mysql: { database: "shop" } }, ["mysql.username"]],
      ["mysql://example.com", { mysql: { username: "ann", password, database: "shop", query: "SELECT 1" } }, []],
      ["mysql://example.com", { mysql: { tls: "never" } }, []],
      ["tcp://example.com:25", { tcp: { tls: true, startTls: "smtp" } }, ["tcp.startTls"]],
      ["tcp://example.com:25", { tcp: { tls: false, startTls: "smtp" } }, []],
      [
        "wss://example.com",
        {
          websocket: {
            secretHeaders: ["X-Key", "Upgrade", "sec-websocket-key"].map((name) => ({ name, value: password })),
          },
        },
        ["websocket.secretHeaders.1.name", "websocket.secretHeaders.2.name"],
      ],
      ...["1.1.1.1:0", "01.1.1.1", "1.1.1.256", "1.1.1.1:70000", "[::1]:0", "[1::2::3]"].map(
        (resolver) => ["dns://example.com", { dns: { resolver } }, ["dns.resolver"]] as const,
      ),
      ...["1.1.1.1", "1.1.1.1:80", "10.0.0.1:5353", "[2620:fe::fe]", "[2620:FE:0::fe]:53"].map(
        (resolver) => ["dns://example.com", { dns: { resolver } }, []] as const,
      ),
    ] satisfies ReadonlyArray<readonly [string, MonitorChanges, ReadonlyArray<string>]>) {
      assert.deepStrictEqual(issues(made(text), changes), [...paths], JSON.stringify(changes))
    }
    // What was stored before they were refused is changed in all else.
    const before = { ...made("mysql://example.com"), check: { mysql: { database: "shop" } } }
    assert.deepStrictEqual(issues(before, { enabled: false, name: "Shop" }), [])
  })

  it("to a URL of another kind end the options of the former kind", () => {
    const after = Either.getOrThrow(changeSettings(withSecrets, { url: url("tcp://example.com:25") }))
    assert.deepStrictEqual(after.check, {})
    assert.deepStrictEqual(issues(after, { url: withSecrets.url, http: { auth: { type: "bearer", token: kept } } }), [
      "http.auth.token",
    ])
  })

  it("make no check of a heartbeat, and ask nothing of one that it cannot do", () => {
    const heartbeat = made("heartbeat://", { heartbeat: { periodSeconds: 60 } })
    assert.deepInclude(heartbeat, {
      name: "Heartbeat",
      confirmation: { failures: 1, successes: 1, retrySeconds: 30, minRegions: 1 },
    })
    assert.deepStrictEqual(issues(defaultSettings(url("heartbeat://"), 60), {}), ["heartbeat"])
    assert.deepStrictEqual(issues(heartbeat, { heartbeat: {} }), ["heartbeat"])
    assert.deepStrictEqual(issues(heartbeat, { url: url("https://example.com/") }), ["url"])
    assert.deepStrictEqual(
      issues(withSecrets, { url: url("heartbeat://"), heartbeat: { periodSeconds: 60 } })[0],
      "url",
    )
    assert.deepStrictEqual(
      issues(heartbeat, {
        conditions: [{ condition: "[STATUS] == 200", severity: "Down" }],
        confirmation: { failures: 2, retrySeconds: 60, minRegions: 2 },
      }),
      ["conditions", "confirmation.failures", "confirmation.minRegions"],
    )
  })

  it("make no check that a job could not carry", () => {
    const secretHeaders = (each: number) =>
      Array.from({ length: 10 }, (_, i) => ({ name: `X-${i}`, value: sealed("s".repeat(each)) }))
    assert.deepStrictEqual(issues(withSecrets, { http: { secretHeaders: secretHeaders(6_000) } }), [])
    assert.deepStrictEqual(issues(withSecrets, { http: { secretHeaders: secretHeaders(maxSpecLength / 10) } }), [
      "http",
    ])
  })
})
