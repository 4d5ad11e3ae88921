import { createHash, createHmac, pbkdf2, timingSafeEqual } from "node:crypto"
import { Effect } from "effect"

/** The most rounds of hashing that a server may ask for: they are done for anybody who claims to be one. */
const maxIterations = 100_000

/** What a client answers to a server's challenge, and what the server must answer to that. */
export interface ScramProof {
  readonly message: string
  readonly serverSignature: Buffer
}

/** The client's first message of SCRAM (RFC 5802), without the name of the user, which PostgreSQL knows already. */
export const scramFirst = (nonce: string): string => `n,,${scramFirstBare(nonce, "")}`

const scramFirstBare = (nonce: string, user: string): string => `n=${user},r=${nonce}`

/**
 * The client's proof in SCRAM-SHA-256 (RFC 5802, section 3, and RFC 7677).
 *
 * @param nonce the client's own, of printable ASCII without a comma
 * @param challenge the server's first message
 * @param user as it was in the client's first message
 * @returns null when the challenge is malformed, not an answer to the client's nonce, or asks for too much work
 */
export const scramProof = (
  password: string,
  nonce: string,
  challenge: string,
  user = "",
): Effect.Effect<ScramProof | null> => {
  const [, serverNonce, salt, rounds] =
    /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/]+=*),i=(\d{1,6})$/.exec(challenge) ?? []
  const iterations = Number(rounds)
  if (serverNonce === undefined || salt === undefined || !serverNonce.startsWith(nonce) || serverNonce === nonce) {
    return Effect.succeed(null)
  }
  if (!(iterations >= 1 && iterations <= maxIterations)) return Effect.succeed(null)
  return Effect.map(salted(password, Buffer.from(salt, "base64"), iterations), (saltedPassword) => {
    const withoutProof = `c=biws,r=${serverNonce}`
    const signed = `${scramFirstBare(nonce, user)},${challenge},${withoutProof}`
    const clientKey = hmac(saltedPassword, "Client Key")
    const clientSignature = hmac(createHash("sha256").update(clientKey).digest(), signed)
    const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (clientSignature[i] ?? 0)))
    return {
      message: `${withoutProof},p=${proof.toString("base64")}`,
      serverSignature: hmac(hmac(saltedPassword, "Server Key"), signed),
    }
  })
}

/** Whether a server's last message proves that it knows the password too. */
export const isScramServer = ({ serverSignature }: ScramProof, message: string): boolean => {
  const signature = Buffer.from(/^v=([A-Za-z0-9+/]+=*)$/.exec(message)?.[1] ?? "", "base64")
  return signature.length === serverSignature.length && timingSafeEqual(signature, serverSignature)
}

const hmac = (key: Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest()

/** On a thread of Node's own: the rounds take milliseconds. Normalised as SASLprep does it (RFC 4013, section 2.2). */
const salted = (password: string, salt: Buffer, iterations: number): Effect.Effect<Buffer> =>
  Effect.async((resume) => {
    pbkdf2(password.normalize("NFKC"), salt, iterations, 32, "sha256", (error, key) =>
      resume(error === null ? Effect.succeed(key) : Effect.die(error)),
    )
  })
