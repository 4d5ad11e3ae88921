import { TxtRecords } from "@uptime/prober/TxtRecords"
import { Effect, Layer } from "effect"
import { loggedIn } from "./LoggedIn.ts"
import { type Call, call } from "./World.ts"

/** An api with somebody who has a page of one monitor: `visit` is a request of anybody's. */
export const pageWorld = (page: object = {}, options: Parameters<typeof loggedIn>[0] = {}) =>
  Effect.gen(function* () {
    const records = new Map<string, string>()
    const world = yield* loggedIn({
      records: Layer.succeed(TxtRecords, { lookup: (name) => Effect.sync(() => [records.get(name) ?? "v=spf1 -all"]) }),
      ...options,
    })
    const monitor = (yield* world.send("POST /api/monitor", { url: "https://private.example/secret", name: "Private" }))
      .body
    const made = yield* world.send("POST /api/status-pages", {
      slug: "acme",
      title: "Acme",
      sections: [{ name: "Web", monitors: [{ monitorId: monitor.id, name: "Site" }] }],
      ...page,
    })
    if (made.status !== 201) return yield* Effect.dieMessage(made.text)
    /** Proves the host name of a page as its owner would. */
    const prove = (one: {
      readonly id: string
      readonly customDomain: { readonly record: Record<string, string> }
    }) => {
      const { name = "", value = "" } = one.customDomain.record
      records.set(name, value)
      return world.send(`POST /api/status-pages/${one.id}/domain/check`)
    }
    const visit = (route: string, given: Call = {}) => call(world.base, route, given)
    return {
      ...world,
      records,
      prove,
      monitor,
      page: made.body,
      publicId: made.body.sections[0].monitors[0].publicId,
      visit,
    }
  })

/** A form as a browser sends it. */
export const form = (fields: Readonly<Record<string, string>>): Call => ({
  body: new URLSearchParams(fields).toString(),
  headers: { "content-type": "application/x-www-form-urlencoded" },
})
