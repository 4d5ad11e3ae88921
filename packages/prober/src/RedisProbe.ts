import { Effect } from "effect"
import { Conversation, type Reader } from "./Conversation.ts"
import { dial, secure } from "./Dial.ts"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"
import { readSecret, socketProbe } from "./SocketProbe.ts"

/** The most that is read, in bytes: two short lines. */
const limit = 8_192

const notRedis = failure("protocol", "the answer is not Redis's")
const refused = failure("protocol", "Redis refuses the user name or password")
const notPong = failure("protocol", "Redis does not answer PING with PONG")

/** What errors mean that say more than that there was one, by the word they begin with. */
const failures: ReadonlyMap<string, ProbeFailure> = new Map([
  ["LOADING", failure("protocol", "Redis is still loading its data")],
  ["BUSY", failure("protocol", "Redis is busy with a script")],
  ["MASTERDOWN", failure("protocol", "Redis is a replica whose master is down")],
  ["MISCONF", failure("protocol", "Redis cannot write its data to disk")],
  ["DENIED", failure("protocol", "Redis is in protected mode and refuses connections from outside")],
  ["NOPERM", failure("protocol", "the user may not call PING")],
])

/**
 * One check of a Redis server: it is asked `PING`, after `AUTH` where there is a password. A server that answers `NOAUTH`
 * to a check without a password is `Up`: it is there, speaks Redis, and keeps its door.
 *
 * @returns never fails
 */
export const redisProbe = socketProbe(
  Effect.fnUntraced(function* (run, { host, port, scheme, tlsHost }) {
    const { ignoreTls = false, password, username } = run.spec.redis ?? {}
    const secret = password === undefined ? "" : yield* readSecret(run, password)
    const plain = yield* dial(run, host, port)
    const socket = scheme === "rediss" ? yield* secure(run, plain, { host: tlsHost, ignoreTls }) : plain
    const conversation = yield* Conversation.open(run, socket, { limit })
    const ask = (...words: ReadonlyArray<string>) =>
      Effect.suspend(() => {
        conversation.send(commandOf(words))
        return Effect.tap(conversation.receive(readAnswer, notRedis), (answer) => {
          run.trace.body = answer.text
        })
      })
    const isKnown = username !== undefined || password !== undefined
    if (isKnown) {
      const answer = yield* username === undefined ? ask("AUTH", secret) : ask("AUTH", username, secret)
      if (answer.isError) return yield* Effect.fail(failures.get(firstWord(answer)) ?? refused)
    }
    const answer = yield* ask("PING")
    if (!answer.isError && answer.text === "PONG") return null
    if (answer.isError && firstWord(answer) === "NOAUTH" && !isKnown) return null
    return yield* Effect.fail((answer.isError ? failures.get(firstWord(answer)) : undefined) ?? notPong)
  }),
)

/** A simple string or an error of RESP, Redis's protocol. */
interface Answer {
  readonly isError: boolean
  readonly text: string
}

const firstWord = ({ text }: Answer): string => text.split(" ", 1)[0] ?? ""

/** A command as RESP writes it: words with their lengths, so that a word may hold anything. */
const commandOf = (words: ReadonlyArray<string>): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`

const readAnswer: Reader<Answer> = (bytes) => {
  if (bytes.length === 0) return "more"
  if (bytes[0] !== 0x2b && bytes[0] !== 0x2d) return "malformed"
  const end = bytes.indexOf("\r\n")
  if (end < 0) return "more"
  return { value: { isError: bytes[0] === 0x2d, text: bytes.toString("utf8", 1, end) }, size: end + 2 }
}
