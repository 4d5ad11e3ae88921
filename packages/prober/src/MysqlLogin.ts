import { constants, createHash, createPublicKey, publicEncrypt } from "node:crypto"
import { Effect, Option } from "effect"
import type { Conversation } from "./Conversation.ts"
import * as Packets from "./MysqlPackets.ts"
import { failure, type ProbeFailure, unverifiedLogin } from "./ProbeFailure.ts"

/** The bytes are not those of a MySQL server. */
export const notMysql = failure("protocol", "the answer is not MySQL's")
const unknownLogin = failure("protocol", "the server asks for a way to log in that this check does not know")
const openLogin = failure(
  "protocol",
  'the server asks for the password itself without TLS, which it is not sent in: say tls "never" if it may be',
)

/** The most that a server may ask before it lets us in: five turns are the longest way. */
const maxTurns = 10

/** Who logs in. */
export interface Credentials {
  readonly username: string
  /** Empty where there is none. */
  readonly password: string
  readonly database: string | undefined
  /** Whether the password may be sent without TLS, encrypted for a key that the server has just shown. */
  readonly isOpen: boolean
}

/**
 * Answers a server's greeting, and what it asks then, until it lets us in: by `mysql_native_password`,
 * `caching_sha2_password` or `sha256_password`, and by the password itself under TLS (`mysql_clear_password`).
 *
 * @param sequence the place of this answer
 * @param refusal what an error of the server's means
 */
export const logIn = Effect.fnUntraced(function* (
  conversation: Conversation,
  greeting: Packets.Greeting,
  sequence: number,
  credentials: Credentials,
  refusal: (error: Packets.MysqlError) => ProbeFailure,
): Effect.fn.Return<void, ProbeFailure> {
  const { database, isOpen, password, username } = credentials
  const { isConfidential, isEncrypted } = conversation
  const refused = isEncrypted ? unverifiedLogin : openLogin
  let challenge = greeting.challenge
  let plugin = hashes.has(greeting.plugin) ? greeting.plugin : "mysql_native_password"
  let isKeyDue = false
  const token = hashOf(plugin, password, challenge)
  conversation.send(Packets.loginResponse(sequence, { username, database, plugin, token, isEncrypted }))
  for (let turn = 0; turn < maxTurns; turn++) {
    const packet = yield* conversation.receive(Packets.readPacket, notMysql)
    const answer = (bytes: Buffer) => conversation.send(Packets.packet(packet.sequence + 1, bytes))
    const askForKey = (command: number) => {
      isKeyDue = true
      answer(Buffer.from([command]))
    }
    const [kind, code] = packet.payload
    if (kind === 0) return
    if (kind === 0xff) return yield* Effect.fail(refusal(Packets.readError(packet)))
    if (kind === 0xfe) {
      const asked = readSwitch(packet)
      plugin = asked.plugin
      challenge = asked.challenge
      if (hashes.has(plugin)) answer(hashOf(plugin, password, challenge))
      else if (password === "") answer(plain(password))
      else if (!passwords.has(plugin)) return yield* Effect.fail(unknownLogin)
      else if (isConfidential) answer(plain(password))
      else if (plugin === "sha256_password" && isOpen) askForKey(1)
      else return yield* Effect.fail(refused)
    } else if (kind === 1 && plugin === "caching_sha2_password" && code === 3) {
      // The hash was enough, and the OK follows.
    } else if (kind === 1 && plugin === "caching_sha2_password" && code === 4) {
      if (isConfidential) answer(plain(password))
      else if (isOpen) askForKey(2)
      else return yield* Effect.fail(refused)
    } else if (kind === 1 && isKeyDue) {
      isKeyDue = false
      const sealed = encrypted(password, challenge, packet.payload.subarray(1))
      if (Option.isNone(sealed)) return yield* Effect.fail(notMysql)
      answer(sealed.value)
    } else return yield* Effect.fail(notMysql)
  }
  return yield* Effect.fail(notMysql)
})

/** The ways to log in that send a hash, and those that send the password. */
const hashes: ReadonlySet<string> = new Set(["mysql_native_password", "caching_sha2_password"])
const passwords: ReadonlySet<string> = new Set(["sha256_password", "mysql_clear_password"])

const readSwitch = ({ payload }: Packets.MysqlPacket) => {
  const end = payload.indexOf(0, 1)
  return end < 0
    ? { plugin: payload.toString("latin1", 1), challenge: Buffer.alloc(0) }
    : { plugin: payload.toString("latin1", 1, end), challenge: payload.subarray(end + 1, end + 21) }
}

const plain = (password: string): Buffer => Buffer.from(`${password}\0`, "utf8")

/** "Native Authentication" and "Caching_sha2_password" of MySQL's documentation; no password is an empty token. */
export const hashOf = (plugin: string, password: string, challenge: Buffer): Buffer => {
  if (password === "") return Buffer.alloc(0)
  const algorithm = plugin === "mysql_native_password" ? "sha1" : "sha256"
  const hash = (...parts: ReadonlyArray<Buffer>) => createHash(algorithm).update(Buffer.concat(parts)).digest()
  const once = hash(Buffer.from(password, "utf8"))
  const twice = hash(once)
  return xor(once, algorithm === "sha1" ? hash(challenge, twice) : hash(twice, challenge))
}

/** The password for the server's key alone, with its challenge laid over it so that it cannot be sent again. */
const encrypted = (password: string, challenge: Buffer, key: Buffer): Option.Option<Buffer> =>
  challenge.length === 0
    ? Option.none()
    : Option.liftThrowable(() =>
        publicEncrypt(
          { key: createPublicKey(key), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" },
          xor(plain(password), challenge),
        ),
      )()

/** Lays the second over the first, again and again where it is shorter. */
const xor = (bytes: Buffer, over: Buffer): Buffer =>
  Buffer.from(bytes.map((byte, i) => byte ^ (over[i % over.length] ?? 0)))
