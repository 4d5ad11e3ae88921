import { CurrentUser } from "@uptime/contract/Authentication"
import type { User } from "@uptime/domain/User"
import { Effect } from "effect"

/** What a call does for the person who asks. */
export const forUser = <A, E, R>(call: (user: User) => Effect.Effect<A, E, R>): Effect.Effect<A, E, R | CurrentUser> =>
  Effect.flatMap(CurrentUser, ({ user }) => call(user))
