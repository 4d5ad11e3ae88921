import { ServiceUnavailable, ValidationFailed } from "@uptime/contract/ApiErrors"
import type { StatusPageEdit } from "@uptime/contract/StatusPageView"
import type { UserId } from "@uptime/domain/Ids"
import type { StatusPageSettings } from "@uptime/persistence/StatusPage"
import { Effect, Redacted } from "effect"
import type { PasswordHasher } from "../auth/PasswordHasher.ts"

/** What a page is unless it is said. */
export const newPage = {
  domain: null,
  description: "",
  language: "en",
  timeZone: "UTC",
  accent: "#2563eb",
  customCss: "",
  visibility: "public",
  passwordHash: null,
  allowedRanges: [],
  noindex: false,
  showsResponse: true,
  showsRegions: false,
  sections: [],
} as const satisfies Partial<StatusPageSettings>

/**
 * Changes of a page as they are stored, its password hashed. Fails for a domain that is this installation's own.
 *
 * @param ownHost the host name of the installation; null where that is not known
 * @param userId whose page it is
 */
export const storedChanges = Effect.fnUntraced(function* (
  hasher: PasswordHasher["Type"],
  ownHost: string | null,
  userId: UserId,
  { password, sections, ...changes }: StatusPageEdit,
) {
  if (changes.domain !== undefined && changes.domain !== null && changes.domain === ownHost) {
    return yield* refused("domain", "is the address of this installation itself")
  }
  const hash =
    password === undefined || password === null
      ? password
      : yield* Effect.mapError(hasher.hash(Redacted.make(password), [userId]), () => ServiceUnavailable.after(5))
  return {
    ...changes,
    ...(hash === undefined ? {} : { passwordHash: hash }),
    ...(sections === undefined
      ? {}
      : {
          sections: sections.map(({ monitors, name }) => ({
            name,
            monitors: monitors.map(({ monitorId, name = null }) => ({ monitorId, name })),
          })),
        }),
  } satisfies Partial<StatusPageSettings>
})

/** Fails for a page that nobody could be let in to. */
export const completeSettings = <S extends StatusPageSettings>(page: S): Effect.Effect<S, ValidationFailed> => {
  if (page.visibility === "password" && page.passwordHash === null) {
    return refused("password", "is needed for a page that is shown by password")
  }
  return page.visibility === "addresses" && page.allowedRanges.length === 0
    ? refused("allowedRanges", "needs an address for a page that is shown to certain addresses")
    : Effect.succeed(page)
}

/** Fails for what a field was given. */
export const refused = (field: string, message: string): Effect.Effect<never, ValidationFailed> =>
  ValidationFailed.of([{ path: [field], message }])
