import { createSocket } from "node:dgram"
import { type Answer, decode, encode } from "dns-packet"
import { Effect, type Scope } from "effect"

/** What the server says to a question: records, a refusal, or nothing at all. */
export type Reply =
  | {
      readonly a?: ReadonlyArray<string>
      readonly aaaa?: ReadonlyArray<string>
      readonly cname?: string
      /** The strings of each TXT record. */
      readonly txt?: ReadonlyArray<ReadonlyArray<string>>
      /** How long it thinks, in milliseconds; it answers at once unless given. */
      readonly afterMs?: number
    }
  | "nxdomain"
  | "servfail"
  | "refused"
  | "garbage"
  | "silence"

export interface DnsServer {
  /** `127.0.0.1:port` */
  readonly address: string
  /** The questions that came, as `name type`. */
  readonly questions: () => ReadonlyArray<string>
}

const rcodes = { nxdomain: 3, servfail: 2, refused: 5 } as const

/**
 * A name server on a free port of 127.0.0.1, until the scope closes.
 *
 * @param reply what it says to a question for `A` or `AAAA` of a name
 */
export const dnsServer = Effect.fnUntraced(function* (
  reply: (name: string, type: string) => Reply,
): Effect.fn.Return<DnsServer, never, Scope.Scope> {
  const questions: Array<string> = []
  const late = new Set<NodeJS.Timeout>()
  const socket = createSocket("udp4")
  socket.on("message", (bytes, from) => {
    const query = decode(bytes)
    const question = query.questions?.[0]
    if (question === undefined) return
    const { name, type } = question
    questions.push(`${name} ${type}`)
    const said = reply(name, type)
    if (said === "silence") return
    if (said === "garbage") return socket.send(Buffer.from("no DNS"), from.port, from.address)
    const answers: Array<Answer> = []
    if (typeof said === "object") {
      const owner = said.cname ?? name
      if (said.cname !== undefined) answers.push({ name, type: "CNAME", ttl: 300, data: said.cname })
      if (type === "A") for (const data of said.a ?? []) answers.push({ name: owner, type: "A", ttl: 300, data })
      if (type === "AAAA")
        for (const data of said.aaaa ?? []) answers.push({ name: owner, type: "AAAA", ttl: 300, data })
      if (type === "TXT")
        for (const data of said.txt ?? []) answers.push({ name: owner, type: "TXT", ttl: 300, data: [...data] })
    }
    const flags = 0x8180 | (typeof said === "string" ? rcodes[said] : 0)
    const packet = encode({
      type: "response",
      ...(query.id === undefined ? {} : { id: query.id }),
      flags,
      questions: [question],
      answers,
    })
    const answer = () => socket.send(packet, from.port, from.address)
    if (typeof said !== "object" || said.afterMs === undefined) return answer()
    const timer = setTimeout(() => {
      late.delete(timer)
      answer()
    }, said.afterMs)
    late.add(timer)
  })
  const port = yield* Effect.acquireRelease(
    Effect.async<number>((resume) => {
      socket.bind(0, "127.0.0.1", () => resume(Effect.succeed(socket.address().port)))
    }),
    () =>
      Effect.async<void>((resume) => {
        for (const timer of late) clearTimeout(timer)
        socket.close(() => resume(Effect.void))
      }),
  )
  return { address: `127.0.0.1:${port}`, questions: () => questions }
})
