import { type LogoType, maxLogoBytes } from "@uptime/domain/StatusPage"
import type { Logo } from "@uptime/persistence/StatusPage"
import { Either } from "effect"

/**
 * An image from its base64. What it is, its first bytes say: PNG (RFC 2083, 3.1), JPEG (ITU T.81, B.1.1.3) or WebP (RFC 9649).
 * Nothing else is taken, SVG neither.
 *
 * @returns what is wrong with it otherwise
 */
export const logoImage = (base64: string): Either.Either<Logo, string> => {
  const bytes = Buffer.from(base64, "base64")
  if (bytes.length > maxLogoBytes) return Either.left(`must be at most ${maxLogoBytes} bytes long`)
  const type = typeOf(bytes)
  return type === null ? Either.left("must be a PNG, JPEG or WebP image") : Either.right({ type, bytes })
}

const typeOf = (bytes: Buffer): LogoType | null => {
  if (bytes.subarray(0, 8).equals(pngSignature)) return "image/png"
  if (bytes.subarray(0, 3).equals(jpegStart)) return "image/jpeg"
  const isRiff = bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP"
  return isRiff ? "image/webp" : null
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const jpegStart = Buffer.from([0xff, 0xd8, 0xff])
