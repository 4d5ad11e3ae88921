import { randomUUID } from "node:crypto"
import { UserId } from "@uptime/domain/Ids"
import { Effect, Schema } from "effect"
import { call } from "./World.ts"

/** Somebody with an account, and a session. */
export interface Person {
  readonly id: UserId
  readonly email: string
  readonly password: string
  readonly token: string
}

const Session = Schema.parseJson(Schema.Struct({ user: Schema.Struct({ id: UserId }), token: Schema.String }))

/** A new account at an api, over HTTP. */
export const signUp = (base: string): Effect.Effect<Person> =>
  Effect.gen(function* () {
    const email = `${randomUUID()}@example.com`
    const password = "correct horse battery"
    const { text } = yield* call(base, "POST /api/auth/signup", { json: { email, name: "Ada", password } })
    const { token, user } = yield* Schema.decode(Session)(text)
    return { id: user.id, email, password, token }
  }).pipe(Effect.orDie)
