import type { Socket } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import type { StartTls } from "@uptime/domain/checks/SocketChecks"
import { tcpProbe } from "@uptime/prober/TcpProbe"
import * as Certificates from "@uptime/testing/Certificates"
import { rawServer } from "@uptime/testing/HostileServer"
import { Effect } from "effect"
import { probeServices } from "./ProbeServicesFixture.ts"
import { flood, inTime, onLine, phasesOf, said, upgraded } from "./SocketServers.ts"

const names = { "site.test": [["127.0.0.1"]] }

/** What a server says first, and what it answers; null begins TLS. */
interface Script {
  readonly greeting: string
  readonly answers: ReadonlyArray<readonly [asked: RegExp, answer: string]>
  /** The answer after which TLS begins. */
  readonly go: string
}

const scripts: Readonly<Record<StartTls, Script>> = {
  smtp: {
    greeting: "220-mail.test\r\n220 ready\r\n",
    answers: [
      [/^EHLO \[127\.0\.0\.1\]\r\n$/, "250-mail.test\r\n250-SIZE 100\r\n250 STARTTLS\r\n"],
      [/^STARTTLS\r\n$/, "220 go ahead\r\n"],
    ],
    go: "220 go ahead\r\n",
  },
  imap: {
    greeting: "* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n",
    answers: [[/^a STARTTLS\r\n$/, "* CAPABILITY IMAP4rev1\r\na OK begin\r\n"]],
    go: "* CAPABILITY IMAP4rev1\r\na OK begin\r\n",
  },
  pop3: {
    greeting: "+OK ready <1@pop.test>\r\n",
    answers: [[/^STLS\r\n$/, "+OK begin\r\n"]],
    go: "+OK begin\r\n",
  },
  ftp: {
    greeting: "120 soon\r\n220-Welcome\r\n any text\r\n220 ready\r\n",
    answers: [[/^AUTH TLS\r\n$/, "234 begin\r\n"]],
    go: "234 begin\r\n",
  },
  xmpp: {
    greeting: "",
    answers: [
      [
        /^<\?xml version='1\.0'\?><stream:stream to='site\.test' .*>$/,
        "<?xml version='1.0'?><stream:stream id='1'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
      ],
      [/^<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'\/>$/, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"],
    ],
    go: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
  },
  postgres: {
    greeting: "",
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a binary request.
    answers: [[/^\x00\x00\x00\x08\x04\xd2\x16\x2f$/, "S"]],
    go: "S",
  },
}

const protocols: ReadonlyArray<StartTls> = ["smtp", "imap", "pop3", "ftp", "xmpp", "postgres"]

/**
 * A server of a protocol, in which a client must ask as its script says; after TLS has begun it says "secured".
 *
 * @param change what is answered instead, by what would be
 */
const scriptedServer = (pair: Certificates.Pair, script: Script, change: Readonly<Record<string, string>> = {}) =>
  rawServer((socket) => {
    const say = (text: string) => socket.write(Buffer.from(change[text] ?? text, "latin1"))
    let step = 0
    const hear = (bytes: Buffer) => {
      const [asked, answer] = script.answers[step++] ?? []
      if (asked === undefined || answer === undefined || !asked.test(bytes.toString("latin1"))) {
        socket.end("what?")
        return
      }
      say(answer)
      if (answer === script.go && change[answer] === undefined) {
        socket.off("data", hear)
        upgraded(socket, pair).write("secured")
      }
    }
    socket.on("data", hear)
    if (script.greeting !== "") say(script.greeting)
  })

const checkOf = (startTls: StartTls, port: number, timeoutMs = 3_000) => ({
  kind: "tcp" as const,
  url: `tcp://site.test:${port}`,
  timeoutMs,
  tcp: { startTls, expect: "secured" },
})

const run = (startTls: StartTls, change: Readonly<Record<string, string>> = {}) =>
  Effect.gen(function* () {
    const authority = yield* Certificates.authority
    const pair = yield* authority.issue({ names: ["site.test"] })
    const { port } = yield* scriptedServer(pair, scripts[startTls], change)
    const services = yield* probeServices({ names, authorities: [authority.cert] })
    return yield* inTime(tcpProbe, services, checkOf(startTls, port))
  })

/** What a single server that does one thing makes of a check. */
const against = (startTls: StartTls, onConnection: (socket: Socket) => void, timeoutMs = 3_000) =>
  Effect.gen(function* () {
    const { port } = yield* rawServer(onConnection)
    return yield* inTime(tcpProbe, yield* probeServices({ names }), checkOf(startTls, port, timeoutMs))
  })

describe("a protocol's request for TLS", () => {
  it.scopedLive.each(protocols)("leads to TLS in %s", (startTls) =>
    Effect.gen(function* () {
      const outcome = yield* run(startTls)
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.deepStrictEqual(phasesOf(outcome), ["dns", "connect", "tls", "firstByte", "transfer"])
      assert.strictEqual(outcome.certificateExpiresAt, Certificates.end.getTime())
    }),
  )

  const refusals: ReadonlyArray<readonly [StartTls, Readonly<Record<string, string>>, string]> = [
    ["smtp", { [scripts.smtp.greeting]: "554 no\r\n" }, "the mail server refuses the connection"],
    [
      "smtp",
      { "250-mail.test\r\n250-SIZE 100\r\n250 STARTTLS\r\n": "250 mail.test\r\n" },
      "the mail server does not offer STARTTLS",
    ],
    ["smtp", { [scripts.smtp.go]: "454 not now\r\n" }, "the mail server refuses to begin TLS"],
    ["imap", { [scripts.imap.greeting]: "* BYE\r\n" }, "the server refuses the connection"],
    ["imap", { [scripts.imap.greeting]: "* PREAUTH\r\n" }, "the server refuses the connection"],
    ["imap", { [scripts.imap.go]: "* x\r\na BAD what\r\n" }, "the server refuses to begin TLS"],
    ["pop3", { [scripts.pop3.greeting]: "-ERR busy\r\n" }, "the server refuses the connection"],
    ["pop3", { [scripts.pop3.go]: "-ERR what\r\n" }, "the server refuses to begin TLS"],
    ["ftp", { [scripts.ftp.greeting]: "421 busy\r\n" }, "the server refuses the connection"],
    ["ftp", { [scripts.ftp.go]: "502 what\r\n" }, "the server refuses to begin TLS"],
    [
      "xmpp",
      { [scripts.xmpp.answers[0]?.[1] ?? ""]: "<stream:stream><stream:features/>" },
      "the server does not offer TLS",
    ],
    [
      "xmpp",
      { [scripts.xmpp.answers[0]?.[1] ?? ""]: "<stream:error><host-unknown/></stream:error>" },
      "the server refuses the connection",
    ],
    [
      "xmpp",
      { [scripts.xmpp.go]: "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" },
      "the server refuses to begin TLS",
    ],
    ["postgres", { S: "N" }, "the server does not offer TLS"],
  ]
  it.scopedLive.each(refusals)("is refused in %s", ([startTls, change, message]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(said(yield* run(startTls, change)), ["Down", "protocol", message])
    }),
  )

  it.scopedLive.each(protocols)("takes nothing for TLS that was said before it in %s", (startTls) =>
    Effect.gen(function* () {
      const { go } = scripts[startTls]
      const outcome = yield* run(startTls, { [go]: `${go}injected` })
      assert.deepStrictEqual(said(outcome), ["Down", "protocol", "the server sent more before TLS began"])
    }),
  )

  it.scopedLive.each(protocols)("is Down at once where another protocol is spoken than %s", (startTls) =>
    Effect.gen(function* () {
      const outcome = yield* against(startTls, (socket) => socket.write("\x01SSH-2.0-Server\r\n"))
      assert.strictEqual(outcome.errorKind, "protocol")
      assert.match(outcome.errorMessage ?? "", /^the answer is not /)
    }),
  )

  it.scopedLive.each([
    ["smtp", "220-x\r\n"],
    ["imap", "* OK x\r\n"],
    ["pop3", "+OK x"],
    ["ftp", "120 x\r\n"],
    ["xmpp", "<stream:stream><stream:features>"],
  ] as const)("reads no endless answer in %s", ([startTls, piece]) =>
    Effect.gen(function* () {
      const outcome = yield* against(startTls, (socket) => flood(socket, piece.repeat(1_000)), 5_000)
      assert.deepStrictEqual(said(outcome), ["Down", "protocol", "the answer is longer than a check reads"])
    }),
  )

  it.scopedLive("is given up in silence, and where the server hangs up", () =>
    Effect.gen(function* () {
      const silent = yield* against("smtp", (socket) => onLine(socket, () => undefined), 300)
      assert.strictEqual(silent.errorKind, "timeout")
      const closing = yield* against("smtp", (socket) => socket.end("220 hello\r\n"))
      assert.deepStrictEqual(said(closing), ["Down", "protocol", "connection closed in the middle of the exchange"])
    }),
  )

  it.scopedLive("takes an answer that comes byte by byte", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const pair = yield* authority.issue({ names: ["site.test"] })
      const { port } = yield* rawServer((socket) => {
        const drip = (text: string, then: () => void) => {
          let at = 0
          const next = () => {
            if (at === text.length) return then()
            socket.write(text[at++] ?? "", () => setImmediate(next))
          }
          next()
        }
        drip(scripts.smtp.greeting, () => {
          socket.once("data", () => {
            drip("250-mail.test\r\n250 starttls\r\n", () => {
              socket.once("data", () => drip("220 go\r\n", () => upgraded(socket, pair).write("secured")))
            })
          })
        })
      })
      const services = yield* probeServices({ names, authorities: [authority.cert] })
      assert.strictEqual((yield* inTime(tcpProbe, services, checkOf("smtp", port))).status, "Up")
    }),
  )
})
