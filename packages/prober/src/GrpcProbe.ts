import type { Socket } from "node:net"
import { Effect, type Scope } from "effect"
import { speaksOf } from "./Conditions.ts"
import { dial, secure } from "./Dial.ts"
import { type GrpcAnswer, grpcCall } from "./GrpcExchange.ts"
import {
  decodeHealthResponse,
  encodeHealthRequest,
  healthCheckPath,
  type ServingStatus,
  type StatusCode,
  statusCode,
} from "./GrpcHealth.ts"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"
import { type ProbeRun, timeLeft } from "./ProbeRun.ts"
import { socketProbe, type Target } from "./SocketProbe.ts"

/**
 * One gRPC health check (grpc.health.v1): the service, or the server as a whole, must be `SERVING`. The call goes over
 * HTTP/2 on a connection of its own, which shows the certificate and is measured as that of every other kind.
 *
 * Conditions see as `[GRPC_STATUS]` what the server says of the service's health, or else the status of the call, such as
 * `UNIMPLEMENTED`; one that speaks of it decides alone.
 *
 * @returns never fails
 */
export const grpcProbe = socketProbe(
  Effect.fnUntraced(function* (run, target) {
    const socket = yield* connection(run, target)
    const answer = yield* grpcCall(
      socket,
      {
        scheme: target.scheme === "grpcs" ? "https" : "http",
        authority: target.url.host,
        path: healthCheckPath,
        message: encodeHealthRequest(run.spec.grpc?.service ?? ""),
        userAgent: run.services.userAgent,
        timeoutMs: timeLeft(run),
      },
      run.trace,
    )
    return yield* judge(run, answer)
  }),
)

const connection = (
  run: ProbeRun,
  { host, port, scheme, tlsHost }: Target,
): Effect.Effect<Socket, ProbeFailure, Scope.Scope> =>
  Effect.flatMap(dial(run, host, port), (socket) =>
    scheme === "grpcs"
      ? secure(run, socket, { host: tlsHost, ignoreTls: run.spec.grpc?.ignoreTls ?? false, alpnProtocols: ["h2"] })
      : Effect.succeed(socket),
  )

const noStatus = failure("protocol", "the answer has no gRPC status")
const noHealth = failure("protocol", "the answer is no answer to a health check")

const notServing: Readonly<Record<Exclude<ServingStatus, "SERVING">, ProbeFailure>> = {
  NOT_SERVING: failure("protocol", "the service is not serving"),
  UNKNOWN: failure("protocol", "the server does not know whether the service is serving"),
  SERVICE_UNKNOWN: failure("protocol", "the server does not know the service"),
}

const callFailed = (status: StatusCode): ProbeFailure => {
  switch (status) {
    case "NOT_FOUND":
      return failure("protocol", "the server does not know the service (NOT_FOUND)")
    case "UNIMPLEMENTED":
      return failure("protocol", "the server has no health service, grpc.health.v1 (UNIMPLEMENTED)")
    default:
      return failure("protocol", `the call ended with the gRPC status ${status}`)
  }
}

const judge = (run: ProbeRun, answer: GrpcAnswer): Effect.Effect<null, ProbeFailure> => {
  const { spec, trace } = run
  if (!answer.isGrpc) {
    trace.httpStatus = answer.httpStatus
    return Effect.fail(failure("protocol", `the answer is not gRPC: HTTP status ${answer.httpStatus}`))
  }
  const status = statusCode(answer.status ?? "")
  if (status === null) return Effect.fail(noStatus)
  const health = status === "OK" ? decodeHealthResponse(answer.message) : null
  if (status === "OK" && health === null) return Effect.fail(noHealth)
  trace.grpcStatus = health ?? status
  if (health === "SERVING" || speaksOf(spec, "[GRPC_STATUS]")) return Effect.succeed(null)
  return Effect.fail(health === null ? callFailed(status) : notServing[health])
}
