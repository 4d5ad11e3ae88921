import { networkInterfaces } from "node:os"

/**
 * Whether this machine has an address on any network but its own loopback and link-local ones. Without one, no host can
 * be reached and none is to blame. Costs a system call; it is asked only after a failure.
 */
export const isOnline = (): boolean => {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address, internal } of addresses ?? []) {
      if (!internal && !address.startsWith("fe80:") && !address.startsWith("169.254.")) return true
    }
  }
  return false
}
