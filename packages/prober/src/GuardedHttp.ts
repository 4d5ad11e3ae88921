import { type IncomingMessage, request as sendOver, validateHeaderValue } from "node:http"
import { isIP, type Socket } from "node:net"
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls"
import { Context, Data, Effect, Layer, type Scope } from "effect"
import { connectAny } from "./HappyEyeballs.ts"
import { isOnline } from "./LocalNetwork.ts"
import { connectFailure, handshakeFailure, type ProbeFailure } from "./ProbeFailure.ts"
import { ProbeTrace } from "./ProbeTrace.ts"
import type { ResolveError } from "./ResolveError.ts"
import { Resolver } from "./Resolver.ts"
import { checkAddress, dialledHost, refusalMessage, type TargetPolicy } from "./TargetGuard.ts"
import { startTls } from "./TlsHandshake.ts"

/**
 * Why there is no answer. The message is from a fixed list: it names no address and quotes nothing that was received.
 *
 * - `malformedUrl`: not an http or https URL, or one with a user name in it
 * - `malformedHeader`: a header that HTTP cannot carry
 * - `blocked`: the target guard refuses an address of the host
 * - `dns`: the name has no address, or its name servers fail
 * - `connect`: refused, reset or unreachable, or closed before an answer
 * - `tls`: handshake or certificate
 * - `protocol`: an answer that breaks HTTP, ends early or exceeds the limits of a head
 * - `timeout`: the deadline passed
 * - `internal`: a fault of this machine; says nothing about the other side
 */
export class GuardedHttpError extends Data.TaggedError("GuardedHttpError")<{
  readonly reason:
    | "malformedUrl"
    | "malformedHeader"
    | "blocked"
    | "dns"
    | "connect"
    | "tls"
    | "protocol"
    | "timeout"
    | "internal"
  readonly message: string
}> {}

export interface GuardedRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE"
  readonly url: string
  /** `Host`, `Content-Length`, `Connection` and `Accept-Encoding` are set here, whatever this says of them. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** One deadline for the lookup, the connection and the whole answer, in milliseconds. */
  readonly timeoutMs: number
  /** The most bytes of the answer's body that are read. */
  readonly maxBodyBytes: number
  readonly userAgent?: string
}

export interface GuardedResponse {
  readonly status: number
  /** By lower-case name; values of a repeated field are joined by `, `. At most 100 fields within 16 KiB. */
  readonly headers: Readonly<Record<string, string>>
  /** UTF-8; what is not is replaced by U+FFFD. */
  readonly body: string
  /** Whether the body was longer than `maxBodyBytes`. */
  readonly isTruncated: boolean
}

export interface GuardedHttpOptions {
  /** Certificate authorities to trust besides those of Node, as PEM texts. */
  readonly certificateAuthorities?: ReadonlyArray<string>
}

/** Single HTTP(S) requests to addresses that people configured: their webhooks, providers of messages and of tokens. */
export class GuardedHttp extends Context.Tag("@uptime/prober/GuardedHttp")<
  GuardedHttp,
  {
    /**
     * One request on a connection of its own. The host is looked up, every address of it must pass the target guard, and
     * nothing but these addresses is dialled. Redirects are not followed: a 3xx is an answer. Certificates are verified.
     */
    readonly request: (request: GuardedRequest) => Effect.Effect<GuardedResponse, GuardedHttpError>
  }
>() {
  /** With the lookups that it is given. */
  static readonly layerNoDeps = (
    policy: TargetPolicy,
    options: GuardedHttpOptions = {},
  ): Layer.Layer<GuardedHttp, never, Resolver> =>
    Layer.effect(
      GuardedHttp,
      Effect.map(Resolver, (resolver) => {
        const authorities = options.certificateAuthorities ?? []
        const secureContext = createSecureContext(
          authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] },
        )
        return GuardedHttp.of({ request: (request) => guardedRequest({ policy, resolver, secureContext }, request) })
      }),
    )

  /** With this machine's lookups. */
  static readonly layer = (policy: TargetPolicy, options: GuardedHttpOptions = {}): Layer.Layer<GuardedHttp> =>
    GuardedHttp.layerNoDeps(policy, options).pipe(Layer.provide(Resolver.layer))
}

interface Services {
  readonly policy: TargetPolicy
  readonly resolver: Context.Tag.Service<typeof Resolver>
  readonly secureContext: SecureContext
}

const defaultUserAgent = "Uptime/0.1 (uptime monitor)"
const maxHeadBytes = 16_384
const maxFields = 100
const maxInformational = 5

const failed = (reason: GuardedHttpError["reason"], message: string) => new GuardedHttpError({ reason, message })

/** A failure of a socket, which is either the other side's (`kind`) or this machine's. */
const socketFailed = (reason: "connect" | "tls", { kind, message }: ProbeFailure): GuardedHttpError =>
  failed(kind === "internal" ? "internal" : reason, message)

/**
 * A TCP connection to a host that people configured: it is looked up, every address of it must pass the target guard, and
 * nothing but these addresses is dialled. Whatever was opened is destroyed with the scope.
 *
 * @param host a name, or an address without brackets
 * @param withinMs how long the lookup may take, in milliseconds
 * @returns fails as `blocked`, `dns`, `connect`, `timeout` or `internal`
 */
export const guardedConnection = (
  policy: TargetPolicy,
  resolver: Context.Tag.Service<typeof Resolver>,
  host: string,
  port: number,
  withinMs: number,
): Effect.Effect<Socket, GuardedHttpError, Scope.Scope> =>
  Effect.flatMap(guardedAddresses(policy, resolver, host, withinMs), (addresses) => connectTo(addresses, port))

/** The addresses of a host: all that it has, or a failure when the guard refuses one of them. */
const guardedAddresses = (
  policy: TargetPolicy,
  resolver: Context.Tag.Service<typeof Resolver>,
  host: string,
  withinMs: number,
): Effect.Effect<ReadonlyArray<string>, GuardedHttpError> => {
  const found =
    isIP(host) === 0 ? Effect.mapError(resolver.resolve(host, withinMs), lookupFailed) : Effect.succeed([host])
  return Effect.tap(found, (addresses) => {
    const [refusal] = addresses.flatMap((address) => checkAddress(policy, address) ?? [])
    return refusal === undefined ? Effect.void : failed("blocked", refusalMessage[refusal])
  })
}

const lookupFailures: Readonly<Record<ResolveError["reason"], GuardedHttpError>> = {
  notFound: failed("dns", "the name does not exist"),
  noAddress: failed("dns", "the name has no address"),
  malformed: failed("dns", "the name cannot be looked up"),
  failed: failed("dns", "the name's own name servers fail or do not answer"),
  timeout: failed("timeout", "the name was not looked up in time"),
  unavailable: failed("internal", "the name servers of this installation do not answer"),
}

const lookupFailed = ({ reason }: ResolveError): GuardedHttpError => lookupFailures[reason]

const guardedRequest = (
  services: Services,
  request: GuardedRequest,
): Effect.Effect<GuardedResponse, GuardedHttpError> =>
  Effect.gen(function* () {
    const url = URL.canParse(request.url) ? new URL(request.url) : null
    if (url === null || !/^https?:$/.test(url.protocol) || url.port === "0") {
      return yield* failed("malformedUrl", "the URL is not one of http or https")
    }
    if (url.username !== "" || url.password !== "") {
      return yield* failed("malformedUrl", "the URL holds a user name or a password; give them separately")
    }
    if (!Object.entries(request.headers).every(isSendable)) {
      return yield* failed("malformedHeader", "a header has characters that HTTP cannot carry")
    }
    const { policy, resolver, secureContext } = services
    const plain = yield* guardedConnection(policy, resolver, dialledHost(url), portOf(url), request.timeoutMs)
    const socket = url.protocol === "https:" ? yield* secure(plain, url, secureContext) : plain
    return yield* exchange(url, request, socket)
  }).pipe(
    Effect.scoped,
    Effect.timeoutFail({
      duration: request.timeoutMs,
      onTimeout: () => failed("timeout", `no complete answer within ${request.timeoutMs} ms`),
    }),
  )

const portOf = (url: URL): number => (url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port))

const isSendable = ([name, value]: readonly [string, string]): boolean => {
  try {
    validateHeaderValue(name, value)
    return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)
  } catch {
    return false
  }
}

const connectTo = (addresses: ReadonlyArray<string>, port: number) =>
  destroyedWithScope<Socket>((onSocket, onFailed) =>
    connectAny(
      addresses,
      port,
      new ProbeTrace(),
      // With Nagle's algorithm, what is written in two pieces would wait for an acknowledgement in between.
      (socket) => onSocket(socket.setNoDelay(true)),
      (failure) => onFailed(socketFailed("connect", failure)),
    ),
  )

/** Secures a connection; the certificate must be for the URL's host. */
const secure = (socket: Socket, url: URL, secureContext: SecureContext) =>
  destroyedWithScope<Socket>((onSocket, onFailed) =>
    startTls(
      socket,
      { host: dialledHost(url).replace(/\.$/, ""), ignoreTls: false, secureContext },
      new ProbeTrace(),
      onSocket,
      (failure) => onFailed(socketFailed("tls", failure)),
    ),
  )

/** A socket that is destroyed with the scope; making it can be interrupted, and then cleans up after itself. */
const destroyedWithScope = <S extends Socket>(
  make: (onSocket: (socket: S) => void, onFailed: (error: GuardedHttpError) => void) => () => void,
): Effect.Effect<S, GuardedHttpError, Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.tap(
      restore(
        Effect.async<S, GuardedHttpError>((resume) => {
          const giveUp = make(
            (socket) => resume(Effect.succeed(socket)),
            (error) => resume(Effect.fail(error)),
          )
          return Effect.sync(giveUp)
        }),
      ),
      (socket) => Effect.addFinalizer(() => Effect.sync(() => socket.destroy())),
    ),
  )

/** Sends the request on a connection and reads the answer. */
const exchange = (
  url: URL,
  { body, headers, maxBodyBytes, method, userAgent }: GuardedRequest,
  socket: Socket,
): Effect.Effect<GuardedResponse, GuardedHttpError> =>
  Effect.async((resume) => {
    let isAnswered = false
    let informational = 0
    const fail = (error: NodeJS.ErrnoException) => resume(Effect.fail(exchangeFailed(isAnswered, error)))
    const breakOff = () => {
      // At once: what floods this process with bytes would keep it from everything that is done later.
      socket.destroy()
      resume(Effect.fail(failed("protocol", brokenHttp)))
    }
    const sent = sendOver({
      method,
      host: dialledHost(url),
      path: `${url.pathname}${url.search}`,
      headers: {
        "user-agent": userAgent ?? defaultUserAgent,
        ...lowerCase(headers),
        host: url.host,
        connection: "close",
        "accept-encoding": "identity",
        ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
      },
      createConnection: () => socket,
      maxHeaderSize: maxHeadBytes,
    })
    sent.maxHeadersCount = maxFields
    sent.on("information", () => {
      if (++informational > maxInformational) breakOff()
    })
    sent.on("upgrade", breakOff)
    sent.on("error", fail)
    sent.on("response", (response) => {
      isAnswered = true
      read(response, maxBodyBytes, (answer) => resume(Effect.succeed(answer)), fail)
    })
    sent.end(body)
    return Effect.sync(() => sent.destroy())
  })

const read = (
  response: IncomingMessage,
  maxBodyBytes: number,
  onEnd: (answer: GuardedResponse) => void,
  onError: (error: NodeJS.ErrnoException) => void,
) => {
  const chunks: Array<Buffer> = []
  let size = 0
  const end = (isTruncated: boolean) =>
    onEnd({
      status: response.statusCode ?? 0,
      headers: fieldsOf(response.rawHeaders),
      body: Buffer.concat(chunks).subarray(0, maxBodyBytes).toString("utf8"),
      isTruncated,
    })
  response.on("data", (chunk: Buffer) => {
    if (size > maxBodyBytes) return
    chunks.push(chunk)
    size += chunk.length
    if (size > maxBodyBytes) {
      end(true)
      response.destroy()
    }
  })
  response.on("end", () => end(false))
  response.on("error", onError)
}

const brokenHttp = "the answer breaks HTTP"

const exchangeFailed = (isAnswered: boolean, { code = "" }: NodeJS.ErrnoException): GuardedHttpError => {
  if (code === "HPE_HEADER_OVERFLOW") return failed("protocol", "the answer's header is larger than 16 KiB")
  if (code.startsWith("HPE_")) return failed("protocol", brokenHttp)
  const failure = code.startsWith("ERR_SSL_") ? handshakeFailure(code) : connectFailure(code, isOnline)
  if (failure.kind === "tls") return failed("tls", failure.message)
  return isAnswered && failure.kind !== "internal"
    ? failed("protocol", "the answer ended early")
    : socketFailed("connect", failure)
}

const lowerCase = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

const fieldsOf = (raw: ReadonlyArray<string>): Readonly<Record<string, string>> => {
  const fields = new Map<string, string>()
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? "").toLowerCase()
    const value = raw[i + 1] ?? ""
    const before = fields.get(name)
    fields.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(fields)
}
