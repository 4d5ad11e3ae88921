import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto"
import type { SealedSecret } from "@uptime/domain/Secret"
import { Context, Data, Effect, Either, Layer, Option, Redacted } from "effect"

/** A secret cannot be sealed or read: the installation has no key, or it was sealed under another one. */
export class SecretUnreadable extends Data.TaggedError("SecretUnreadable")<{
  readonly reason: "noKey" | "wrongKey"
}> {
  override get message(): string {
    return this.reason === "noKey"
      ? "this process has no ENCRYPTION_KEY, which secrets are sealed with"
      : "a secret was sealed under another ENCRYPTION_KEY"
  }
}

/**
 * Seals what people entrust to the installation (passwords, tokens, keys of their targets and channels) before it is
 * stored or put on the stream, and reads it back where it is used: AES-256-GCM with a random nonce of 96 bits (NIST SP
 * 800-38D, section 8.2.2) under the SHA-256 of `ENCRYPTION_KEY`.
 */
export class SecretBox extends Context.Tag("@uptime/runtime/SecretBox")<
  SecretBox,
  {
    /** Seals a text; fails where there is no key. */
    readonly seal: (text: string) => Effect.Effect<SealedSecret, SecretUnreadable>
    /**
     * The text that was sealed. Synchronous, for the path of a check. Fails where there is no key, or another one, or
     * where the sealed text was changed.
     */
    readonly unseal: (secret: SealedSecret) => Either.Either<string, SecretUnreadable>
  }
>() {
  /** @param key `ENCRYPTION_KEY`; without one, nothing can be sealed or read */
  static readonly layer = (key: Option.Option<Redacted.Redacted>): Layer.Layer<SecretBox> =>
    Layer.sync(SecretBox, () => SecretBox.of(secretBox(key)))
}

const version = "v1"
const nonceBytes = 12
const tagBytes = 16

const secretBox = (key: Option.Option<Redacted.Redacted>): SecretBox["Type"] => {
  if (Option.isNone(key)) {
    const noKey = new SecretUnreadable({ reason: "noKey" })
    return { seal: () => Effect.fail(noKey), unseal: () => Either.left(noKey) }
  }
  const cipherKey = createHash("sha256").update(Redacted.value(key.value)).digest()
  return {
    seal: (text) =>
      Effect.sync(() => {
        const nonce = randomBytes(nonceBytes)
        const cipher = createCipheriv("aes-256-gcm", cipherKey, nonce)
        const sealed = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()])
        return { sealed: `${version}:${sealed.toString("base64url")}` }
      }),
    unseal: ({ sealed }) =>
      Either.try({
        try: () => {
          const [found, text = ""] = sealed.split(":", 2)
          const bytes = Buffer.from(text, "base64url")
          if (found !== version || bytes.length < nonceBytes + tagBytes) throw new RangeError("not a sealed secret")
          const decipher = createDecipheriv("aes-256-gcm", cipherKey, bytes.subarray(0, nonceBytes))
          decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes))
          const plain = decipher.update(bytes.subarray(nonceBytes, bytes.length - tagBytes))
          return Buffer.concat([plain, decipher.final()]).toString("utf8")
        },
        catch: () => new SecretUnreadable({ reason: "wrongKey" }),
      }),
  }
}
