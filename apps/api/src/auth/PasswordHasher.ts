import { availableParallelism } from "node:os"
import { supervised } from "@uptime/runtime/Supervised"
import { Context, Data, Deferred, Duration, Effect, Exit, Layer, Queue, Redacted } from "effect"
import { type HashJob, type HashThread, HashThreadError, startHashThread } from "./HashThread.ts"

/** Passwords cannot be hashed now: too many wait already, or the thread failed. Nothing was decided. */
export class HasherUnavailable extends Data.TaggedError("HasherUnavailable")<{
  readonly reason: "busy" | "failed"
}> {}

/** How passwords are hashed. */
export interface HasherOptions {
  /** bcrypt's cost: 2^cost rounds. 12 in production; tests take less. */
  readonly cost: number
  /** How many threads hash; one less than there are cores, at least one. */
  readonly threads?: number
  /** How many jobs may wait; 32. */
  readonly maxWaiting?: number
  /** How long one job may take in its thread; 10 s. */
  readonly jobLimit?: Duration.DurationInput
}

interface Waiting {
  readonly job: HashJob
  readonly answer: Deferred.Deferred<string | boolean, HasherUnavailable>
  abandoned: boolean
}

/** bcrypt in threads of its own, so that no request waits for somebody else's password. */
export class PasswordHasher extends Context.Tag("@uptime/api/PasswordHasher")<
  PasswordHasher,
  {
    /** The hash of a new password, with a fresh salt. */
    readonly hash: (password: Redacted.Redacted) => Effect.Effect<string, HasherUnavailable>
    /** Whether a password is the one that was hashed. */
    readonly verify: (password: Redacted.Redacted, hash: string) => Effect.Effect<boolean, HasherUnavailable>
    /** A hash that no password matches, at the cost of new ones: checked when there is no account, to take as long. */
    readonly dummyHash: string
    /** Whether a hash was made at another cost than new ones are. */
    readonly isOutdated: (hash: string) => boolean
  }
>() {
  /** Starts the threads. One that breaks, or takes too long, is replaced; its job is `HasherUnavailable`. */
  static readonly layer = (options: HasherOptions): Layer.Layer<PasswordHasher, HashThreadError> =>
    Layer.scoped(this, make(options))
}

/** What a full queue would take at cost 12 on one slow core; later the person has given up. */
const answerLimit = Duration.seconds(15)

const make = Effect.fnUntraced(function* (options: HasherOptions) {
  const { cost, jobLimit = "10 seconds", maxWaiting = 32, threads = Math.max(1, availableParallelism() - 1) } = options
  const prefix = `$2b$${String(cost).padStart(2, "0")}$`
  const waiting = yield* Queue.dropping<Waiting>(maxWaiting)

  yield* probe
  for (let lane = 0; lane < threads; lane++)
    yield* supervised(`password hashing ${lane}`, yield* makeLane(waiting, jobLimit))

  const run = (job: HashJob): Effect.Effect<string | boolean, HasherUnavailable> =>
    Effect.gen(function* () {
      const answer = yield* Deferred.make<string | boolean, HasherUnavailable>()
      const entry: Waiting = { job, answer, abandoned: false }
      if (!(yield* Queue.offer(waiting, entry))) return yield* new HasherUnavailable({ reason: "busy" })
      return yield* Deferred.await(answer).pipe(
        Effect.timeoutFail({ duration: answerLimit, onTimeout: () => new HasherUnavailable({ reason: "busy" }) }),
        Effect.ensuring(
          Effect.sync(() => {
            entry.abandoned = true
          }),
        ),
      )
    })

  return PasswordHasher.of({
    hash: (password) =>
      Effect.filterOrFail(
        run({ kind: "hash", password: Redacted.value(password), cost }),
        (answer) => typeof answer === "string",
        () => new HasherUnavailable({ reason: "failed" }),
      ),
    verify: (password, hash) =>
      Effect.map(run({ kind: "verify", password: Redacted.value(password), hash }), (answer) => answer === true),
    // A salt and a hash of zeros: no password is known to give it, and none could be found.
    dummyHash: prefix + ".".repeat(53),
    isOutdated: (hash) => !hash.startsWith(prefix),
  })
})

/** Fails the start when threads cannot run here. */
const probe: Effect.Effect<void, HashThreadError> = Effect.acquireUseRelease(
  startHashThread,
  (thread) => thread.run({ kind: "verify", password: "", hash: `$2b$04$${".".repeat(53)}` }),
  (thread) => thread.stop,
).pipe(
  Effect.timeoutFail({
    duration: "10 seconds",
    onTimeout: () => new HashThreadError({ message: "the hashing thread does not answer" }),
  }),
)

/** One thread and what it does again and again: take the next job, do it, answer. */
const makeLane = Effect.fnUntraced(function* (waiting: Queue.Dequeue<Waiting>, jobLimit: Duration.DurationInput) {
  let thread: HashThread | null = null
  const stop = Effect.suspend(() => {
    const old = thread
    thread = null
    return old === null ? Effect.void : old.stop
  })
  yield* Effect.addFinalizer(() => stop)
  return Effect.gen(function* () {
    const { abandoned, answer, job } = yield* Queue.take(waiting)
    if (abandoned) return
    thread ??= yield* startHashThread
    const exit = yield* thread.run(job).pipe(
      Effect.timeoutFail({
        duration: jobLimit,
        onTimeout: () => new HashThreadError({ message: "a password took too long to hash" }),
      }),
      Effect.exit,
    )
    if (Exit.isSuccess(exit)) {
      yield* Deferred.succeed(answer, exit.value)
      return
    }
    yield* Deferred.fail(answer, new HasherUnavailable({ reason: "failed" }))
    yield* stop
    yield* Effect.logWarning("a password could not be hashed; its thread is replaced", exit.cause)
  })
})
