import { isKeptSecret, isPlainSecret, SealedSecret } from "@uptime/domain/Secret"
import { Data, Effect, Either, Schema } from "effect"
import { type ChannelConfig, PlainChannelConfig, StoredChannelConfig } from "./ChannelConfig.ts"

/**
 * A secret is said to stay what it is and cannot: there is none, since the channel is new or was of another kind, or messages
 * would go elsewhere, and whoever does not know the secret could have it sent to them.
 */
export class SecretNotGiven extends Data.TaggedError("SecretNotGiven")<{
  /** Where it is in the settings, such as `auth.token`. */
  readonly field: string
  /** Why not, as what follows the field's name. */
  readonly problem: string
}> {
  override get message(): string {
    return `${this.field} ${this.problem}`
  }
}

const noSecret = "has no secret yet: give it in full"
const wentElsewhere = "is kept only while messages go where they did: give it again"

const isSealedSecret = Schema.is(SealedSecret)
const toStored = Schema.validateSync(StoredChannelConfig)
const toPlain = Schema.validateSync(PlainChannelConfig)

/**
 * The settings as they are stored: secrets in plain are sealed, and those that are kept are taken from what is stored, as long
 * as nothing changes of where messages go.
 *
 * @param stored what is stored until now; null for a new channel
 * @param seal seals one text
 */
export const sealSecrets = <E, R>(
  config: ChannelConfig,
  stored: StoredChannelConfig | null,
  seal: (text: string) => Effect.Effect<SealedSecret, E, R>,
): Effect.Effect<StoredChannelConfig, E | SecretNotGiven, R> => {
  const kept = stored?.kind === config.kind ? stored : undefined
  const isMoved = kept !== undefined && placesOf(config) !== placesOf(kept)
  const replace = (value: unknown, before: unknown, field: string): Effect.Effect<unknown, E | SecretNotGiven, R> => {
    if (isPlainSecret(value)) return seal(value.plain)
    if (isKeptSecret(value)) {
      if (!isSealedSecret(before)) return new SecretNotGiven({ field, problem: noSecret })
      return isMoved ? new SecretNotGiven({ field, problem: wentElsewhere }) : Effect.succeed(before)
    }
    if (Array.isArray(value)) {
      return Effect.forEach(value, (item, i) => replace(item, counterpart(item, before), `${field}[${i}]`))
    }
    if (typeof value !== "object" || value === null || isSealedSecret(value)) return Effect.succeed(value)
    return Effect.map(
      Effect.forEach(Object.entries(value), ([name, inner]) =>
        Effect.map(
          replace(inner, fieldOf(before, name), field === "" ? name : `${field}.${name}`),
          (replaced) => [name, replaced] as const,
        ),
      ),
      Object.fromEntries,
    )
  }
  return Effect.map(replace(config, kept, ""), (sealed) => toStored(sealed))
}

/**
 * The settings as they are used.
 *
 * @param unseal reads one secret
 */
export const unsealSecrets = <E>(
  config: StoredChannelConfig,
  unseal: (secret: SealedSecret) => Either.Either<string, E>,
): Either.Either<PlainChannelConfig, E> => {
  const replace = (value: unknown): Either.Either<unknown, E> => {
    if (isSealedSecret(value)) return unseal(value)
    if (Array.isArray(value)) return Either.all(value.map(replace))
    if (typeof value !== "object" || value === null) return Either.right(value)
    return Either.map(
      Either.all(Object.entries(value).map(([name, inner]) => Either.map(replace(inner), (plain) => [name, plain]))),
      Object.fromEntries,
    )
  }
  return Either.map(replace(config), (plain) => toPlain(plain))
}

/** The settings, at any depth, that say where messages go. */
const placeNames: ReadonlySet<string> = new Set(["url", "server", "host", "port", "security"])

/** All that settings say of where messages go, to be compared; of an address that is a secret whether it is given anew. */
const placesOf = (settings: object): string => {
  const within = (value: unknown, name: string, path: string): ReadonlyArray<string> => {
    if (isPlainSecret(value)) return placeNames.has(name) ? [`${path} is new`] : []
    if (typeof value === "object" && value !== null) {
      return Object.entries(value).flatMap(([inner, of]) => within(of, inner, `${path}.${inner}`))
    }
    return placeNames.has(name) ? [`${path} is ${value}`] : []
  }
  return within(settings, "", "").toSorted().join("\n")
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined

/** The item of a stored list that an item of an edited one stands for: the one of the same name, in whatever place. */
const counterpart = (item: unknown, before: unknown): unknown => {
  const name = fieldOf(item, "name")
  return Array.isArray(before) ? before.find((stored) => fieldOf(stored, "name") === name) : undefined
}
