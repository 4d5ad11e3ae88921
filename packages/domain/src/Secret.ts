import { Schema } from "effect"
import { secretMask } from "./SecretMask.ts"

/** A secret as a person has just given it: it exists on its way into the store only, where it is sealed. */
export interface PlainSecret {
  readonly plain: string
}

/**
 * A secret as it is stored and travels with jobs: sealed (AES-256-GCM) under the installation's `ENCRYPTION_KEY`. Only who
 * has that key can read it.
 */
export const SealedSecret = Schema.Struct({ sealed: Schema.String.pipe(Schema.maxLength(24_000)) })
export type SealedSecret = typeof SealedSecret.Type

/** In an edit: the secret stays what it is. */
export interface KeptSecret {
  readonly kept: true
}

/** A secret in any of its forms. */
export type Secret = PlainSecret | SealedSecret | KeptSecret

const SecretForms: Schema.Schema<Secret> = Schema.Union(
  Schema.Struct({ plain: Schema.String }),
  SealedSecret,
  Schema.Struct({ kept: Schema.Literal(true) }),
)

/**
 * A secret in the API: the text itself on the way in, `secretMask` on the way out.
 *
 * @param maxLength the most UTF-16 code units
 */
export const SecretText = (maxLength = 4_096) =>
  Schema.transform(Schema.String.pipe(Schema.minLength(1), Schema.maxLength(maxLength)), SecretForms, {
    strict: true,
    decode: (text): Secret => (text === secretMask ? { kept: true } : { plain: text }),
    encode: () => secretMask,
  }).annotations({ identifier: `Secret${maxLength}`, description: `write-only; shown as ${secretMask}` })

/** Whether a value is a secret that was given in plain. */
export const isPlainSecret: (value: unknown) => value is PlainSecret = Schema.is(
  Schema.Struct({ plain: Schema.String }),
)

/** Whether a value stands for a secret that stays what it is. */
export const isKeptSecret: (value: unknown) => value is KeptSecret = Schema.is(
  Schema.Struct({ kept: Schema.Literal(true) }),
)
