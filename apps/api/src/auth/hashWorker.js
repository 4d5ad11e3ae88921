import { readlinkSync } from "node:fs"
import { setPriority } from "node:os"
import { parentPort } from "node:worker_threads"
import { compareSync, hashSync } from "bcryptjs"

/**
 * The thread that hashes passwords: one job at a time, so that whoever waits for it waits for no more than one. It is
 * JavaScript, and free of imports of ours, because a thread starts from a file that Node can run as it is.
 *
 * @typedef {{ readonly kind: "hash", readonly password: string, readonly cost: number }
 *   | { readonly kind: "verify", readonly password: string, readonly hash: string }} HashJob
 */

/** How far this thread stands back behind the one that answers requests, where they are more than there are cores. */
const niceness = 10

// Linux alone gives each thread a priority of its own; elsewhere the system shares as it likes.
try {
  setPriority(Number(/\d+$/.exec(readlinkSync("/proc/thread-self"))?.[0]), niceness)
} catch {
  // What cannot be set stays as it is.
}

parentPort?.on("message", (/** @type {HashJob} */ job) => {
  parentPort?.postMessage(job.kind === "hash" ? hashSync(job.password, job.cost) : compareSync(job.password, job.hash))
})
