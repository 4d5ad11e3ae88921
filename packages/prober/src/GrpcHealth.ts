/** What a server says of a service's health (grpc.health.v1.HealthCheckResponse.ServingStatus). */
export type ServingStatus = "UNKNOWN" | "SERVING" | "NOT_SERVING" | "SERVICE_UNKNOWN"

const servingStatuses: ReadonlyArray<ServingStatus> = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"]

/** The names of the gRPC status codes, by their numbers. */
const statusCodes = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const
export type StatusCode = (typeof statusCodes)[number]

/** The name of a status code as it stands in a trailer; null when there is none of that number. */
export const statusCode = (text: string): StatusCode | null =>
  /^\d{1,2}$/.test(text) ? (statusCodes[Number(text)] ?? null) : null

/** The path of the one method that is called. */
export const healthCheckPath = "/grpc.health.v1.Health/Check"

const lengthDelimited = 2

/**
 * A HealthCheckRequest as it is sent: its only field is `string service = 1`, after a byte that says that nothing is
 * compressed and the message's length in four (gRPC over HTTP2, Length-Prefixed-Message).
 *
 * @param service at most 16,383 bytes in UTF-8; empty for the server as a whole
 */
export const encodeHealthRequest = (service: string): Buffer => {
  const name = Buffer.from(service)
  const tag = Buffer.from([(1 << 3) | lengthDelimited])
  const message = name.length === 0 ? Buffer.alloc(0) : Buffer.concat([tag, varint(name.length), name])
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

const varint = (value: number): Buffer => Buffer.from(value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7])

/**
 * Reads the answer to it: one whole message, not compressed, whose field `ServingStatus status = 1` counts; other fields are
 * passed over, as protobuf asks. A status that this version of the protocol does not have is `UNKNOWN`.
 *
 * @returns null when it is no such message
 */
export const decodeHealthResponse = (bytes: Buffer): ServingStatus | null => {
  if (bytes.length < 5 || bytes.readUInt8(0) !== 0 || bytes.readUInt32BE(1) !== bytes.length - 5) return null
  let status: ServingStatus = "UNKNOWN"
  for (let at = 5; at < bytes.length; ) {
    const tag = readVarint(bytes, at)
    if (tag === null) return null
    const field = fieldAt(bytes, tag.value & 7, tag.next)
    if (field === null || field.next > bytes.length) return null
    if (tag.value === 1 << 3) status = servingStatuses[field.value] ?? "UNKNOWN"
    at = field.next
  }
  return status
}

interface Read {
  readonly value: number
  /** Where what follows begins. */
  readonly next: number
}

/** Up to ten bytes, of seven bits each; of a larger value than 53 bits the lower ones are lost, which none here has. */
const readVarint = (bytes: Buffer, start: number): Read | null => {
  let value = 0
  for (let i = 0; i < 10; i++) {
    const byte = bytes[start + i]
    if (byte === undefined) return null
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, next: start + i + 1 }
  }
  return null
}

/** A field of a wire type; the value is 0 where it is no number. */
const fieldAt = (bytes: Buffer, wireType: number, start: number): Read | null => {
  switch (wireType) {
    case 0:
      return readVarint(bytes, start)
    case 1:
      return { value: 0, next: start + 8 }
    case lengthDelimited: {
      const length = readVarint(bytes, start)
      return length === null ? null : { value: 0, next: length.next + length.value }
    }
    case 5:
      return { value: 0, next: start + 4 }
    default:
      return null
  }
}
