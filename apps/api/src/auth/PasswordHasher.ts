import { availableParallelism } from "node:os"
import { supervised } from "@uptime/runtime/Supervised"
import { Context, Data, Deferred, Duration, Effect, Exit, Layer, Queue, Redacted } from "effect"
import { type HashJob, type HashThread, HashThreadError, startHashThread } from "./HashThread.ts"

/**
 * Passwords cannot be hashed now: too many wait already, too many of those who ask (`crowded`), or the thread failed. Nothing
 * was decided.
 */
export class HasherUnavailable extends Data.TaggedError("HasherUnavailable")<{
  readonly reason: "busy" | "crowded" | "failed"
}> {}

/** How passwords are hashed. */
export interface HasherOptions {
  /** bcrypt's cost: 2^cost rounds. 12 in production; tests take less. */
  readonly cost: number
  /** How many threads hash; one less than there are cores, at least one. */
  readonly threads?: number
  /** How many jobs may wait; 32. */
  readonly maxWaiting?: number
  /** How many jobs of one asker may wait or be worked at; 4. */
  readonly maxOfOne?: number
  /** How long one job may take in its thread; 10 s. */
  readonly jobLimit?: Duration.DurationInput
}

interface Waiting {
  readonly job: HashJob
  readonly answer: Deferred.Deferred<string | boolean, HasherUnavailable>
  abandoned: boolean
}

/**
 * Who wants something hashed: a place, an account, a person, or several of these. None of them has more than a few jobs at
 * once, so that whoever guesses passwords, from one place or at one account, leaves the queue to others.
 */
export type Askers = ReadonlyArray<string>

/** bcrypt in threads of its own, so that no request waits for somebody else's password. */
export class PasswordHasher extends Context.Tag("@uptime/api/PasswordHasher")<
  PasswordHasher,
  {
    /** The hash of a new password, with a fresh salt. */
    readonly hash: (password: Redacted.Redacted, askers: Askers) => Effect.Effect<string, HasherUnavailable>
    /** Whether a password is the one that was hashed. */
    readonly verify: (
      password: Redacted.Redacted,
      hash: string,
      askers: Askers,
    ) => Effect.Effect<boolean, HasherUnavailable>
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
  const {
    cost,
    jobLimit = "10 seconds",
    maxOfOne = 4,
    maxWaiting = 32,
    threads = Math.max(1, availableParallelism() - 1),
  } = options
  const underWay = new Map<string, number>()
  const prefix = `$2b$${String(cost).padStart(2, "0")}$`
  const waiting = yield* Queue.dropping<Waiting>(maxWaiting)

  yield* probe
  for (let lane = 0; lane < threads; lane++)
    yield* supervised(`password hashing ${lane}`, yield* makeLane(waiting, jobLimit))

  const enter = (askers: Askers): Effect.Effect<void, HasherUnavailable> =>
    Effect.suspend(() => {
      const isCrowded = askers.some((asker) => (underWay.get(asker) ?? 0) >= maxOfOne)
      if (isCrowded) return new HasherUnavailable({ reason: "crowded" })
      for (const asker of askers) underWay.set(asker, (underWay.get(asker) ?? 0) + 1)
      return Effect.void
    })

  const leave = (askers: Askers): Effect.Effect<void> =>
    Effect.sync(() => {
      for (const asker of askers) {
        const left = (underWay.get(asker) ?? 0) - 1
        if (left > 0) underWay.set(asker, left)
        else underWay.delete(asker)
      }
    })

  const run = (job: HashJob, askers: Askers): Effect.Effect<string | boolean, HasherUnavailable> =>
    Effect.acquireUseRelease(
      enter(askers),
      () => queued(job),
      () => leave(askers),
    )

  const queued = Effect.fnUntraced(function* (job: HashJob): Effect.fn.Return<string | boolean, HasherUnavailable> {
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
    hash: (password, askers) =>
      Effect.filterOrFail(
        run({ kind: "hash", password: Redacted.value(password), cost }, askers),
        (answer) => typeof answer === "string",
        () => new HasherUnavailable({ reason: "failed" }),
      ),
    verify: (password, hash, askers) =>
      Effect.map(
        run({ kind: "verify", password: Redacted.value(password), hash }, askers),
        (answer) => answer === true,
      ),
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
