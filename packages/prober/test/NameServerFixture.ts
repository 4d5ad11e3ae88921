import { createSocket, type Socket as UdpSocket } from "node:dgram"
import { createServer, type Server, type Socket } from "node:net"
import { type Answer, type DecodedPacket, decode, encode } from "dns-packet"
import { Effect, type Scope } from "effect"

/** What the server says: an answer, bytes as they are (over TCP with their length before them), or nothing; or it hangs up. */
export type Said =
  | {
      readonly answers?: ReadonlyArray<Answer>
      readonly rcode?: number
      readonly isTruncated?: boolean
      readonly id?: number
      readonly name?: string
      readonly hasEdns?: boolean
    }
  | { readonly bytes: Buffer }
  | { readonly raw: Buffer }
  | "silence"
  | "close"

export interface Asked {
  readonly query: DecodedPacket
  readonly via: "udp" | "tcp"
  /** How many questions came before this one. */
  readonly time: number
  /** The port that it came from. */
  readonly port: number
  /** Sends bytes from another port than the one that was asked. */
  readonly forge: (bytes: Buffer) => void
}

export interface NameServerFixture {
  /** `127.0.0.1:port`, over UDP and TCP. */
  readonly address: string
  readonly port: number
  readonly asked: () => ReadonlyArray<Asked>
  /** The TCP connections that are open. */
  readonly open: ReadonlySet<Socket>
}

/** An answer to a question, as bytes. */
export const answer = (
  query: DecodedPacket,
  said: Exclude<Said, string | { bytes: Buffer } | { raw: Buffer }>,
): Buffer => {
  const [question] = query.questions ?? []
  if (question === undefined) throw new Error("no question")
  const isEdns = said.hasEdns ?? query.additionals?.some(({ type }) => type === "OPT") ?? false
  return encode({
    type: "response",
    id: said.id ?? query.id ?? 0,
    flags: 0x180 | (said.isTruncated === true ? 0x200 : 0) | (said.rcode ?? 0),
    questions: [{ ...question, name: said.name ?? question.name }],
    answers: [...(said.answers ?? [])],
    additionals: isEdns ? (query.additionals ?? []) : [],
  })
}

/** A name server over UDP and TCP on one free port of 127.0.0.1, until the scope closes. It says all that `say` gives, in turn. */
export const nameServer = (
  say: (asked: Asked) => Said | ReadonlyArray<Said>,
): Effect.Effect<NameServerFixture, never, Scope.Scope> =>
  Effect.gen(function* () {
    const questions: Array<Asked> = []
    const open = new Set<Socket>()
    const stranger = createSocket("udp4")
    const heard = (bytes: Buffer, via: "udp" | "tcp", port: number, forge: (bytes: Buffer) => void) => {
      const asked = { query: decode(bytes), via, port, time: questions.length, forge }
      questions.push(asked)
      const said = say(asked)
      return { asked, said: Array.isArray(said) ? said : [said] }
    }
    const tcp = createServer((socket) => {
      open.add(socket)
      socket.on("close", () => open.delete(socket))
      socket.on("error", () => undefined)
      let came = Buffer.alloc(0)
      socket.on("data", (bytes) => {
        came = Buffer.concat([came, bytes])
        if (came.length < 2 || came.length < 2 + came.readUInt16BE(0)) return
        const { asked, said } = heard(came.subarray(2), "tcp", socket.remotePort ?? 0, () => undefined)
        for (const each of said) {
          if (each === "silence") continue
          if (each === "close") socket.destroy()
          else if ("raw" in each) socket.write(each.raw)
          else socket.write(framed("bytes" in each ? each.bytes : answer(asked.query, each)))
        }
      })
    })
    const udp = createSocket("udp4")
    udp.on("message", (bytes, { address, port }) => {
      const { asked, said } = heard(bytes, "udp", port, (forged) => stranger.send(forged, port, address))
      for (const each of said) {
        if (typeof each === "string") continue
        udp.send("raw" in each ? each.raw : "bytes" in each ? each.bytes : answer(asked.query, each), port, address)
      }
    })
    const port = yield* Effect.acquireRelease(
      // A port that is free for TCP may be taken for UDP.
      Effect.orDie(Effect.retry(listening(tcp, udp), { times: 20 })),
      () =>
        Effect.async<void>((resume) => {
          stranger.close()
          udp.close()
          for (const socket of open) socket.destroy()
          tcp.close(() => resume(Effect.void))
        }),
    )
    return { address: `127.0.0.1:${port}`, port, asked: () => questions, open }
  })

/** Opens both on one port of 127.0.0.1, or neither. */
const listening = (tcp: Server, udp: UdpSocket): Effect.Effect<number, Error> =>
  Effect.async((resume) => {
    const end = (result: Effect.Effect<number, Error>) => {
      udp.off("error", failed)
      tcp.off("error", failed)
      resume(result)
    }
    const failed = (error: Error) => {
      if (tcp.listening) tcp.close(() => end(Effect.fail(error)))
      else end(Effect.fail(error))
    }
    udp.on("error", failed)
    tcp.on("error", failed)
    tcp.listen(0, "127.0.0.1", () => {
      const address = tcp.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      udp.bind(port, "127.0.0.1", () => end(Effect.succeed(port)))
    })
  })

const framed = (bytes: Buffer): Buffer => {
  const size = Buffer.alloc(2)
  size.writeUInt16BE(bytes.length)
  return Buffer.concat([size, bytes])
}
