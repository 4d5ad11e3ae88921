import { createHash, randomBytes } from "node:crypto"
import { Effect } from "effect"
import type { Conversation } from "./Conversation.ts"
import * as Messages from "./PostgresMessages.ts"
import { failure, type ProbeFailure, unverifiedLogin } from "./ProbeFailure.ts"
import { isScramServer, type ScramProof, scramFirst, scramProof } from "./Scram.ts"
import { WireReader } from "./WireReader.ts"

/** The bytes are not those of a PostgreSQL server. */
export const notPostgres = failure("protocol", "the answer is not PostgreSQL's")
const noPassword = failure("protocol", "the server asks for a password, and this check has none")
const unknownLogin = failure("protocol", "the server asks for a way to log in that this check does not know")
const openLogin = failure(
  "protocol",
  'the server asks for the password in plain text without TLS, which it is not sent in: say tls "never" if it may be',
)
const notProven = failure("protocol", "the server does not prove that it knows the user's password")

/** Who logs in. */
export interface Credentials {
  readonly username: string
  /** Null where there is none. */
  readonly password: string | null
  /** Whether the password may be sent as it is without TLS. */
  readonly isOpen: boolean
}

/** The most that a server may ask before it lets us in: SCRAM takes four turns. */
const maxTurns = 10

/** The codes of an authentication message, as the protocol's documentation numbers them. */
const ok = 0
const plain = 3
const md5 = 5
const sasl = 10
const saslContinue = 11
const saslFinal = 12

/**
 * Answers what a server asks after the startup message, until it lets us in: a password in plain, by MD5, or by
 * SCRAM-SHA-256, in which the server must prove that it knows the password as well.
 *
 * @param refusal what an error of the server's means
 */
export const logIn = Effect.fnUntraced(function* (
  conversation: Conversation,
  credentials: Credentials,
  refusal: (error: Messages.PostgresError) => ProbeFailure,
): Effect.fn.Return<void, ProbeFailure> {
  const { isOpen, password, username } = credentials
  let nonce = ""
  let proof: ScramProof | null = null
  let isProven = true
  for (let turn = 0; turn < maxTurns; turn++) {
    const message = yield* conversation.receive(Messages.readNext("ERZ"), notPostgres)
    if (message.type === "E") {
      const error = Messages.readError(message)
      return yield* Effect.fail(error === null ? notPostgres : refusal(error))
    }
    const reader = new WireReader(message.body)
    const asked = reader.uintBE(4)
    if (message.type !== "R" || reader.isBroken) return yield* Effect.fail(notPostgres)
    if (asked === ok) return isProven ? undefined : yield* Effect.fail(notProven)
    if (password === null) return yield* Effect.fail(noPassword)
    if (asked === plain) {
      if (!conversation.isConfidential && !isOpen) {
        return yield* Effect.fail(conversation.isEncrypted ? unverifiedLogin : openLogin)
      }
      conversation.send(Messages.password(password))
    } else if (asked === md5) {
      conversation.send(Messages.password(md5Of(username, password, reader.take(4))))
    } else if (asked === sasl) {
      if (!mechanismsOf(reader).includes("SCRAM-SHA-256")) return yield* Effect.fail(unknownLogin)
      nonce = randomBytes(18).toString("base64")
      isProven = false
      conversation.send(Messages.saslInitial("SCRAM-SHA-256", scramFirst(nonce)))
    } else if (asked === saslContinue && nonce !== "") {
      proof = yield* scramProof(password, nonce, reader.rest().toString("utf8"))
      if (proof === null) return yield* Effect.fail(notPostgres)
      conversation.send(Messages.saslResponse(proof.message))
    } else if (asked === saslFinal && proof !== null) {
      isProven = isScramServer(proof, reader.rest().toString("utf8"))
      if (!isProven) return yield* Effect.fail(notProven)
    } else return yield* Effect.fail(unknownLogin)
  }
  return yield* Effect.fail(notPostgres)
})

const mechanismsOf = (reader: WireReader): ReadonlyArray<string> => {
  const mechanisms: Array<string> = []
  while (reader.left > 0 && mechanisms.length < 10) {
    const mechanism = reader.cstring()
    if (mechanism !== "") mechanisms.push(mechanism)
  }
  return mechanisms
}

/** "Authentication Methods" of PostgreSQL's documentation: the hash of the stored hash and a salt. */
const md5Of = (username: string, password: string, salt: Buffer): string => {
  const stored = createHash("md5").update(`${password}${username}`).digest("hex")
  return `md5${createHash("md5").update(stored).update(salt).digest("hex")}`
}
