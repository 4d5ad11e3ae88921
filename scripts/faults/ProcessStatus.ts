import { readFileSync } from "node:fs"

/**
 * A size of a process as Linux tells it (`/proc/<pid>/status`), in bytes: what it has in use, or what it has mapped. Null once
 * the process is gone.
 */
export const sizeOf = (pid: number, field: "VmRSS" | "VmSize"): number | null => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8")
    const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status) ?? []
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  } catch {
    return null
  }
}
