import { HttpApi } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { ChannelsApi } from "@uptime/contract/ChannelsApi"
import { EscalationsApi } from "@uptime/contract/EscalationsApi"
import { IncidentsApi } from "@uptime/contract/IncidentsApi"
import { ReportsApi } from "@uptime/contract/ReportsApi"
import { Either, Option, Schema } from "effect"

const Groups = HttpApi.make("groups").add(ChannelsApi).add(EscalationsApi).add(IncidentsApi).add(ReportsApi)

const calls = (() => {
  const found: Array<{
    readonly name: string
    readonly isPublic: boolean
    readonly payload: Option.Option<Schema.Schema<unknown, unknown>>
  }> = []
  HttpApi.reflect(Groups, {
    onGroup: () => undefined,
    onEndpoint: ({ endpoint: { method, path, payloadSchema }, middleware }) => {
      found.push({
        name: `${method} ${path}`,
        isPublic: middleware.size === 0,
        payload: Option.map(payloadSchema, ({ ast }) => Schema.make<unknown, unknown>(ast)),
      })
    },
  })
  return found
})()

describe("the calls of channels, escalations, incidents and reports", () => {
  it("ask who is asking", () => {
    assert.lengthOf(calls, 25)
    assert.deepStrictEqual(
      calls.filter(({ isPublic }) => isPublic),
      [],
    )
  })

  it("refuse fields that they do not know", () => {
    for (const { name, payload } of calls) {
      if (Option.isNone(payload)) continue
      const refused = Schema.decodeUnknownEither(payload.value)({ userId: "somebody else" })
      assert.isTrue(Either.isLeft(refused), name)
      if (Either.isLeft(refused)) assert.include(refused.left.message, "userId", name)
    }
  })
})
