import { Worker } from "node:worker_threads"
import { Data, Effect } from "effect"

/** What a thread is asked: to hash a new password, or whether a password is the one that was hashed. */
export type HashJob =
  | { readonly kind: "hash"; readonly password: string; readonly cost: number }
  | { readonly kind: "verify"; readonly password: string; readonly hash: string }

/** The thread broke, or took too long. */
export class HashThreadError extends Data.TaggedError("HashThreadError")<{
  readonly message: string
  readonly cause?: unknown
}> {}

/** A thread of its own that does one job at a time. */
export interface HashThread {
  /** Does a job: the hash, or whether it matches. After a failure or an interruption the thread is of no more use. */
  readonly run: (job: HashJob) => Effect.Effect<string | boolean, HashThreadError>
  /** Ends the thread, whatever it is at. */
  readonly stop: Effect.Effect<void>
}

/** The thread's code: beside this file in the sources, and beside the bundle in what is built. */
const workerUrl = new URL("./hashWorker.js", import.meta.url)

/** Starts a thread. Whether it could start shows with its first job. */
export const startHashThread: Effect.Effect<HashThread> = Effect.sync(() => {
  const worker = new Worker(workerUrl, { name: "password hashing", stdin: false, env: {} })
  let failure: HashThreadError | null = null
  const fail = (error: HashThreadError): void => {
    failure ??= error
  }
  worker.on("error", (cause: unknown) => fail(new HashThreadError({ message: "the hashing thread broke", cause })))
  worker.on("exit", (code) => fail(new HashThreadError({ message: `the hashing thread ended with code ${code}` })))
  worker.unref()
  return {
    run: (job) =>
      Effect.async((resume) => {
        if (failure !== null) return resume(failure)
        const onMessage = (answer: unknown): void => {
          settle(
            typeof answer === "string" || typeof answer === "boolean"
              ? Effect.succeed(answer)
              : new HashThreadError({ message: "the hashing thread answered something else" }),
          )
        }
        // After the listeners above, which have said by then what happened.
        const onEnd = (): void => settle(failure ?? new HashThreadError({ message: "the hashing thread ended" }))
        const settle = (outcome: Effect.Effect<string | boolean, HashThreadError>): void => {
          worker.off("message", onMessage).off("error", onEnd).off("exit", onEnd)
          resume(outcome)
        }
        worker.on("message", onMessage).on("error", onEnd).on("exit", onEnd)
        worker.postMessage(job)
        return Effect.sync(() => {
          worker.off("message", onMessage).off("error", onEnd).off("exit", onEnd)
        })
      }),
    stop: Effect.promise(() => worker.terminate()),
  }
})
