import { isIP } from "node:net"
import { Either } from "effect"

/**
 * A list of IP addresses and CIDR ranges with commas between, such as `10.0.0.0/8, ::1`: its parts as they were written,
 * each well formed. Says what a list must be otherwise.
 */
export const addressRanges = (text: string): Either.Either<ReadonlyArray<string>, string> => {
  const parts = text.split(",").map((part) => part.trim())
  return parts.every(isAddressRange)
    ? Either.right(parts)
    : Either.left("addresses or ranges (address/bits) with commas between")
}

const isAddressRange = (text: string): boolean => {
  const [address = "", bits, ...rest] = text.split("/")
  const version = address.includes("%") ? 0 : isIP(address)
  if (version === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}
