import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type ServerHttp2Stream,
} from "node:http2"
import { assert, describe, it } from "@effect/vitest"
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { grpcProbe } from "@uptime/prober/GrpcProbe"
import * as Certificates from "@uptime/testing/Certificates"
import { Effect, type Scope } from "effect"
import { probeServices } from "./ProbeServicesFixture.ts"
import { behavesAsSocketProbe } from "./SocketProbeSuite.ts"
import { inTime, phasesOf, said } from "./SocketServers.ts"

const check = (
  host: string,
  options: { readonly service?: string; readonly ignoreTls?: boolean } = {},
  scheme = "grpc",
): CheckSpec => ({
  kind: "grpc",
  url: `${scheme}://${host}`,
  timeoutMs: 5_000,
  grpc: options,
})

const asBytes = {
  requestStream: false,
  responseStream: false,
  serialize: (bytes: Buffer) => bytes,
  deserialize: (bytes: Buffer) => bytes,
} as const

const healthService: ServiceDefinition = {
  Check: {
    path: "/grpc.health.v1.Health/Check",
    requestStream: false,
    responseStream: false,
    requestSerialize: asBytes.serialize,
    requestDeserialize: asBytes.deserialize,
    responseSerialize: asBytes.serialize,
    responseDeserialize: asBytes.deserialize,
  },
}

type Handle = (service: string, call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => void

/** Answers with a serving status by its number, or with the failure that a code stands for. */
const serving: Handle = (service, _, reply) => {
  if (service === "missing") reply({ code: status.NOT_FOUND, details: "no such service" })
  else if (service === "locked") reply({ code: status.UNAUTHENTICATED })
  else reply(null, Buffer.from([8, ["unknown", "", "sick", "lost"].indexOf(service)]))
}

/** A gRPC server with the health service, or without any, on a free port of 127.0.0.1 until the scope closes. */
const grpcServer = (handle: Handle | null, pair?: Certificates.Pair): Effect.Effect<number, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.async<{ server: Server; port: number }>((resume) => {
      const server = new Server()
      if (handle !== null) {
        server.addService(healthService, {
          Check: (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) =>
            handle(call.request.toString("utf8", 2), call, reply),
        })
      }
      const credentials =
        pair === undefined
          ? ServerCredentials.createInsecure()
          : ServerCredentials.createSsl(null, [
              { cert_chain: Buffer.from(pair.cert), private_key: Buffer.from(pair.key) },
            ])
      server.bindAsync("127.0.0.1:0", credentials, (error, port) =>
        resume(error === null ? Effect.succeed({ server, port }) : Effect.die(error)),
      )
    }),
    ({ server }) => Effect.sync(() => server.forceShutdown()),
  ).pipe(Effect.map(({ port }) => port))

/** An HTTP/2 server that answers as it is told, on a free port of 127.0.0.1 until the scope closes. */
const http2Server = (
  answer: (stream: ServerHttp2Stream) => void,
  server: Http2Server | Http2SecureServer = createServer(),
) =>
  Effect.acquireRelease(
    Effect.async<number>((resume) => {
      server.on("sessionError", () => undefined)
      server.on("stream", (stream: ServerHttp2Stream) => {
        stream.on("error", () => undefined)
        answer(stream)
      })
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(
          typeof address === "object" && address !== null ? Effect.succeed(address.port) : Effect.dieMessage("no port"),
        )
      })
    }),
    () => Effect.async<void>((resume) => void server.close(() => resume(Effect.void))),
  )

const names = { "site.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]] }
const probe = (spec: CheckSpec, authorities: ReadonlyArray<string> = []) =>
  Effect.flatMap(probeServices({ names, authorities }), (services) => inTime(grpcProbe, services, spec))

describe("a gRPC check", () => {
  it.scopedLive("is Up when the server is serving, and measures how long it took", () =>
    Effect.gen(function* () {
      const outcome = yield* probe(check(`site.test:${yield* grpcServer(serving)}`))
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.deepStrictEqual(phasesOf(outcome), ["dns", "connect", "firstByte", "transfer"])
      assert.isNotNull(outcome.responseTimeMs)
      assert.isNull(outcome.httpStatus)
    }),
  )

  for (const [service, message] of [
    ["sick", "the service is not serving"],
    ["unknown", "the server does not know whether the service is serving"],
    ["lost", "the server does not know the service"],
    ["missing", "the server does not know the service (NOT_FOUND)"],
    ["locked", "the call ended with the gRPC status UNAUTHENTICATED"],
  ] as const) {
    it.scopedLive(`is Down when of a service the server says: ${message}`, () =>
      Effect.gen(function* () {
        const outcome = yield* probe(check(`127.0.0.1:${yield* grpcServer(serving)}`, { service }))
        assert.deepStrictEqual(said(outcome), ["Down", "protocol", message])
        assert.isNotNull(outcome.responseTimeMs)
        assert.strictEqual(outcome.evidence?.address, "127.0.0.1")
        assert.include(JSON.stringify(outcome.evidence?.headers), "grpc-status")
      }),
    )
  }

  it.scopedLive("is Down when the server has no health service", () =>
    Effect.gen(function* () {
      const outcome = yield* probe(check(`127.0.0.1:${yield* grpcServer(null)}`))
      assert.deepStrictEqual(said(outcome), [
        "Down",
        "protocol",
        "the server has no health service, grpc.health.v1 (UNIMPLEMENTED)",
      ])
    }),
  )

  it.scopedLive("leaves the verdict to a condition on the status", () =>
    Effect.gen(function* () {
      const conditions = [{ condition: "[GRPC_STATUS] == NOT_SERVING", severity: "Down" as const }]
      const port = yield* grpcServer(serving)
      const outcome = yield* probe({ ...check(`127.0.0.1:${port}`, { service: "sick" }), conditions })
      assert.strictEqual(outcome.status, "Up")
    }),
  )

  it.scopedLive("calls the host by its name, says its deadline, and hangs up", () =>
    Effect.gen(function* () {
      const heard: Array<Record<string, unknown>> = []
      const port = yield* grpcServer((_, call, reply) => {
        heard.push({ authority: call.getHost(), hasDeadline: Number.isFinite(Number(call.getDeadline())) })
        reply(null, Buffer.from([8, 1]))
      })
      yield* probe(check(`site.test:${port}`))
      assert.deepStrictEqual(heard, [{ authority: `site.test:${port}`, hasDeadline: true }])
    }),
  )
})

describe("a gRPC check over TLS", () => {
  it.scopedLive("verifies the certificate, and says when it ends", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const port = yield* grpcServer(serving, yield* authority.issue({ names: ["site.test"] }))
      const outcome = yield* probe(check(`site.test:${port}`, {}, "grpcs"), [authority.cert])
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.strictEqual(outcome.certificateExpiresAt, Certificates.end.getTime())
      assert.deepStrictEqual(phasesOf(outcome), ["dns", "connect", "tls", "firstByte", "transfer"])
    }),
  )

  it.scopedLive("is Down with a certificate that does not verify, and shows it", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const to = new Date("2021-01-01T00:00:00Z")
      const expired = yield* grpcServer(serving, yield* authority.issue({ names: ["site.test"], to }))
      const late = yield* probe(check(`site.test:${expired}`, {}, "grpcs"), [authority.cert])
      assert.deepStrictEqual(said(late), ["Down", "tls", "the certificate has expired"])
      assert.strictEqual(late.certificateExpiresAt, to.getTime())
      assert.strictEqual(late.evidence?.certificate?.subject, "CN=leaf")
      const port = yield* grpcServer(serving, yield* authority.issue({ names: ["other.test"] }))
      const foreign = yield* probe(check(`site.test:${port}`, {}, "grpcs"), [authority.cert])
      assert.deepStrictEqual(said(foreign), ["Down", "tls", "the certificate is for another host"])
    }),
  )

  it.scopedLive("takes any certificate when told to, and records it all the same", () =>
    Effect.gen(function* () {
      const port = yield* grpcServer(serving, yield* Certificates.selfSigned({ names: ["other.test"] }))
      const outcome = yield* probe(check(`site.test:${port}`, { ignoreTls: true }, "grpcs"))
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.strictEqual(outcome.certificateExpiresAt, Certificates.end.getTime())
    }),
  )

  it.scopedLive("is Down where TLS is not spoken, and where it is and was not asked for", () =>
    Effect.gen(function* () {
      const plain = yield* probe(check(`127.0.0.1:${yield* grpcServer(serving)}`, {}, "grpcs"))
      assert.strictEqual(plain.errorKind, "tls")
      const secured = yield* grpcServer(serving, yield* Certificates.selfSigned({}))
      const outcome = yield* probe(check(`127.0.0.1:${secured}`))
      assert.deepStrictEqual([outcome.status, outcome.errorKind], ["Down", "connect"])
    }),
  )
})

describe("an answer over HTTP/2 that is no answer to a health check", () => {
  const cases: ReadonlyArray<readonly [what: string, answer: (stream: ServerHttp2Stream) => void, message: string]> = [
    [
      "is a web page",
      (stream) => {
        stream.respond({ ":status": 502, "content-type": "text/html" })
        stream.end("<h1>Bad gateway</h1>")
      },
      "the answer is not gRPC: HTTP status 502",
    ],
    [
      "has no status",
      (stream) => {
        stream.respond({ ":status": 200, "content-type": "application/grpc" })
        stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]))
      },
      "the answer has no gRPC status",
    ],
    [
      "has no message",
      (stream) =>
        stream.respond({ ":status": 200, "content-type": "application/grpc", "grpc-status": "0" }, { endStream: true }),
      "the answer is no answer to a health check",
    ],
    [
      "has an unknown status",
      (stream) =>
        stream.respond(
          { ":status": 200, "content-type": "application/grpc", "grpc-status": "99" },
          { endStream: true },
        ),
      "the answer has no gRPC status",
    ],
    [
      "is too long",
      (stream) => {
        stream.respond({ ":status": 200, "content-type": "application/grpc" })
        stream.end(Buffer.alloc(5_000))
      },
      "the answer is longer than a check reads",
    ],
    ["is reset", (stream) => stream.close(2), "the server refused the call, or broke it off"],
    ["ends with the session", (stream) => stream.session?.destroy(), "the server refused the call, or broke it off"],
    [
      "is announced again and again",
      (stream) => {
        for (let i = 0; i < 10; i++) stream.additionalHeaders({ ":status": 103 })
      },
      "the server refused the call, or broke it off",
    ],
  ]
  for (const [what, answer, message] of cases) {
    it.scopedLive(`is Down when it ${what}`, () =>
      Effect.gen(function* () {
        const outcome = yield* probe(check(`127.0.0.1:${yield* http2Server(answer)}`))
        assert.deepStrictEqual(said(outcome), ["Down", "protocol", message])
      }),
    )
  }

  it.scopedLive("is Down when it is one of a server that speaks HTTP/1.1 over TLS only", () =>
    Effect.gen(function* () {
      const pair = yield* Certificates.selfSigned({})
      const server = createSecureServer({ ...pair, ALPNProtocols: ["http/1.1"] })
      const port = yield* http2Server(() => undefined, server)
      const outcome = yield* probe(check(`127.0.0.1:${port}`, { ignoreTls: true }, "grpcs"))
      assert.strictEqual(outcome.status, "Down")
    }),
  )
})

/** A frame of HTTP/2 (RFC 9113, section 4.1). */
const frame = (type: number, flags: number, stream: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}
const settings = frame(4, 0, 0, Buffer.alloc(0))
/** `:status: 200` by its number in the static table (RFC 7541, appendix A). */
const answerHead = frame(1, 4, 1, Buffer.from([0x88]))

behavesAsSocketProbe({
  probe: grpcProbe,
  check: (host, timeoutMs) => ({ ...check(host), timeoutMs }),
  endless: [
    ["a message", Buffer.concat([settings, answerHead]), frame(0, 0, 1, Buffer.alloc(1_000))],
    ["settings", settings, settings],
    ["pings", settings, frame(6, 0, 0, Buffer.alloc(8))],
    [
      "a head",
      Buffer.concat([settings, frame(1, 0, 1, Buffer.from([0x88]))]),
      frame(9, 0, 1, Buffer.from("\x00\x01a\x01b", "latin1")),
    ],
  ],
})
