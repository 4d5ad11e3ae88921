import { parentPort } from "node:worker_threads"
import { compareSync, hashSync } from "bcryptjs"

/**
 * The thread that hashes passwords: one job at a time, so that whoever waits for it waits for no more than one. It is
 * JavaScript, and free of imports of ours, because a thread starts from a file that Node can run as it is.
 *
 * @typedef {{ readonly kind: "hash", readonly password: string, readonly cost: number }
 *   | { readonly kind: "verify", readonly password: string, readonly hash: string }} HashJob
 */

parentPort?.on("message", (/** @type {HashJob} */ job) => {
  parentPort?.postMessage(job.kind === "hash" ? hashSync(job.password, job.cost) : compareSync(job.password, job.hash))
})
