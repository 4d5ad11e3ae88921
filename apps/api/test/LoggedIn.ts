import * as MemoryStream from "@uptime/stream/MemoryStream"
import { Effect, Layer } from "effect"
import { signUp } from "./Person.ts"
import { freshStores } from "./Stores.ts"
import { call, type ServeOptions, serveApi } from "./World.ts"

/** An api on real stores with somebody logged in to it: `send` is a call of theirs, and `stores` are there to look into. */
export const loggedIn = (options: Omit<ServeOptions<never>, "stores" | "stream"> = {}) =>
  Effect.gen(function* () {
    const stores = Layer.succeedContext(yield* Layer.build(yield* freshStores))
    const base = yield* serveApi({ ...options, stores, stream: MemoryStream.layer() })
    const person = yield* signUp(base)
    const send = (route: string, json?: unknown) =>
      Effect.map(call(base, route, { token: person.token, json }), ({ status, text }) => ({
        status,
        text,
        body: text === "" ? null : JSON.parse(text),
      }))
    return { base, person, stores, send }
  })

/** All items of a list, page by page; how many pages it had. */
export const walk = (
  send: (
    route: string,
  ) => Effect.Effect<{ readonly status: number; readonly body: { items: Array<unknown>; nextCursor: string | null } }>,
  route: string,
  limit: number,
) =>
  Effect.gen(function* () {
    const items: Array<unknown> = []
    let pages = 0
    for (let cursor: string | null = ""; cursor !== null && pages < 50; pages++) {
      const after: string = cursor === "" ? "" : `&cursor=${cursor}`
      const { body } = yield* send(`${route}?limit=${limit}${after}`)
      items.push(...body.items)
      cursor = body.nextCursor
    }
    return { items, pages }
  })
