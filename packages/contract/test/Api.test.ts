import * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as OpenApi from "@effect/platform/OpenApi"
import { assert, describe, it } from "@effect/vitest"
import { Api } from "@uptime/contract/Api"
import * as ApiErrors from "@uptime/contract/ApiErrors"
import { MonitorPage } from "@uptime/contract/MonitorsApi"
import { ResultPage } from "@uptime/contract/ResultsApi"
import { Stats } from "@uptime/domain/Stats"
import { Effect, Predicate, Schema } from "effect"

const routes: Array<{ readonly route: string; readonly security: boolean; readonly statuses: ReadonlyArray<number> }> =
  []
HttpApi.reflect(Api, {
  onGroup: () => undefined,
  onEndpoint: ({ endpoint, errors, middleware, successes }) => {
    routes.push({
      route: `${endpoint.method} ${endpoint.path}`,
      security: middleware.size > 0,
      statuses: [...successes.keys(), ...errors.keys()].sort((a, b) => a - b),
    })
  },
})

describe("Api", () => {
  it("serves these calls, and asks for a log-in in all but those that begin a session and those that jobs call", () => {
    assert.deepStrictEqual(
      routes.map(({ route, security }) => `${route}${security ? "" : " (public)"}`),
      [
        "POST /api/auth/signup (public)",
        "POST /api/auth/login (public)",
        "POST /api/auth/logout",
        "DELETE /api/auth/sessions",
        "GET /api/auth/me",
        "PUT /api/auth/me",
        "PUT /api/auth/password",
        "DELETE /api/auth/me",
        "POST /api/monitor",
        "GET /api/monitor",
        "GET /api/monitor/summaries",
        "GET /api/monitor/recent",
        "POST /api/monitor/bulk",
        "GET /api/monitor/:id",
        "PUT /api/monitor/:id",
        "DELETE /api/monitor/:id",
        "POST /api/monitor/test",
        "GET /api/results/:monitorId/checks",
        "GET /api/results/:monitorId/latest",
        "GET /api/results/:monitorId/stats",
        "GET /api/results/:monitorId/series",
        "GET /api/results/:monitorId/days",
        "DELETE /api/results/:monitorId/cleanup",
        "GET /api/reports/uptime",
        "GET /api/reports/outages",
        "GET /api/tags",
        "GET /api/groups",
        "POST /api/tags/rename",
        "POST /api/groups/rename",
        "GET /api/events",
        "GET /api/incidents",
        "GET /api/incidents/:id",
        "PUT /api/incidents/:id",
        "POST /api/incidents/:id/acknowledge",
        "POST /api/incidents/:id/comment",
        "POST /api/incidents/:id/resolve",
        "PUT /api/incidents/:id/postmortem",
        "POST /api/maintenances",
        "GET /api/maintenances",
        "GET /api/maintenances/:id",
        "PUT /api/maintenances/:id",
        "DELETE /api/maintenances/:id",
        "POST /api/maintenances/:id/end",
        "GET /api/maintenances/:id/windows",
        "GET /api/monitor/:id/heartbeat",
        "PUT /api/monitor/:id/heartbeat",
        "POST /api/monitor/:id/heartbeat/rotate",
        "GET /api/push/:token (public)",
        "POST /api/push/:token (public)",
        "PUT /api/push/:token (public)",
        "PATCH /api/push/:token (public)",
        "GET /ping/:pingId (public)",
        "POST /ping/:pingId (public)",
        "GET /ping/:pingId/:event (public)",
        "POST /ping/:pingId/:event (public)",
        "POST /api/channels",
        "GET /api/channels",
        "GET /api/channels/latest-deliveries",
        "GET /api/channels/:id",
        "PUT /api/channels/:id",
        "DELETE /api/channels/:id",
        "POST /api/channels/:id/test",
        "POST /api/channels/:id/recipients/ask",
        "GET /api/channels/:id/deliveries",
        "POST /api/escalations",
        "GET /api/escalations",
        "GET /api/escalations/:id",
        "PUT /api/escalations/:id",
        "DELETE /api/escalations/:id",
        "POST /api/status-pages",
        "GET /api/status-pages",
        "GET /api/status-pages/:id",
        "PUT /api/status-pages/:id",
        "DELETE /api/status-pages/:id",
        "PUT /api/status-pages/:id/logo",
        "DELETE /api/status-pages/:id/logo",
        "POST /api/status-pages/:id/domain/check",
        "GET /api/status-pages/:id/subscribers",
        "DELETE /api/status-pages/:id/subscribers/:subscriberId",
      ],
    )
  })

  it("answers every call with a fixed set of statuses", () => {
    const statuses = (route: string) => routes.find((entry) => entry.route === route)?.statuses
    assert.deepStrictEqual(statuses("POST /api/auth/signup"), [201, 400, 403, 409, 413, 415, 429, 500, 503])
    assert.deepStrictEqual(statuses("POST /api/auth/login"), [200, 400, 401, 413, 415, 429, 500, 503])
    assert.deepStrictEqual(statuses("POST /api/auth/logout"), [204, 400, 401, 403, 500, 503])
    assert.deepStrictEqual(statuses("POST /api/channels"), [201, 400, 401, 403, 409, 413, 415, 422, 429, 500, 503])
    assert.deepStrictEqual(
      statuses("POST /api/incidents/:id/resolve"),
      [200, 400, 401, 403, 404, 409, 413, 415, 500, 503],
    )
    assert.deepStrictEqual(statuses("POST /api/monitor/test"), [200, 400, 401, 403, 404, 413, 415, 422, 429, 500, 503])
    assert.deepStrictEqual(statuses("POST /ping/:pingId/:event"), [200, 400, 404, 413, 429, 500, 503])
    assert.deepStrictEqual(statuses("PUT /api/monitor/:id"), [200, 400, 401, 403, 404, 413, 415, 422, 500, 503])
  })

  it("has one status and one shape for each error", () => {
    for (const [name, error] of Object.entries(ApiErrors)) {
      if (!Predicate.hasProperty(error, "ast") || !Schema.isSchema(error) || name === "ValidationIssue") continue
      const status = HttpApiSchema.getStatusErrorAST(error.ast)
      assert.isTrue(status >= 400 && status < 600, name)
      if (name !== "InternalError") assert.notStrictEqual(status, 500, name)
    }
    assert.deepStrictEqual(Schema.encodeSync(ApiErrors.Unauthorized)(ApiErrors.Unauthorized.create()), {
      _tag: "Unauthorized",
      message: "Log in first: send a valid token as a bearer token or in the cookie.",
    })
  })

  it("describes itself as OpenAPI, without the framework's own error", () => {
    const document = OpenApi.fromApi(Api)
    assert.strictEqual(document.openapi, "3.1.0")
    assert.strictEqual(Object.values(document.paths).flatMap((path) => Object.keys(path)).length, routes.length)
    const text = JSON.stringify(document)
    assert.notInclude(text, "HttpApiDecodeError")
    assert.include(text, '"ValidationFailed"')
    assert.deepStrictEqual(Object.keys(document.components.securitySchemes), ["bearer", "cookie"])
    const limit = document.paths["/api/monitor"]?.get?.parameters.find((parameter) => parameter.name === "limit")
    assert.deepStrictEqual(limit?.schema, { type: "integer", minimum: 1, maximum: 100 })
  })

  for (const [name, schema] of Object.entries({ MonitorPage, ResultPage })) {
    it.effect.prop(
      `${name} is the same by JSON.stringify as by its schema, but for the cursor`,
      { page: schema },
      ({ page }) =>
        Effect.gen(function* () {
          const encoded = yield* Schema.encodeUnknown(Schema.asSchema(schema))(page)
          const { items } = JSON.parse(JSON.stringify(page))
          assert.deepStrictEqual(items, JSON.parse(JSON.stringify(encoded)).items)
        }),
      { fastCheck: { numRuns: 30 } },
    )
  }

  it.effect.prop(
    "Stats are the same by JSON.stringify as by their schema",
    { stats: Stats },
    ({ stats }) =>
      Effect.gen(function* () {
        const encoded = yield* Schema.encode(Stats)(stats)
        assert.deepStrictEqual(JSON.parse(JSON.stringify(stats)), JSON.parse(JSON.stringify(encoded)))
      }),
    { fastCheck: { numRuns: 30 } },
  )
})
