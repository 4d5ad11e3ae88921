import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import {
  Cause,
  Clock,
  Config,
  ConfigError,
  Deferred,
  Duration,
  Effect,
  Either,
  Exit,
  Fiber,
  Layer,
  LogLevel,
  Option,
  Predicate,
  Runtime,
  RuntimeFlags,
  Scope,
} from "effect"
import { configProblems } from "./ConfigProblem.ts"
import { Draining } from "./Draining.ts"
import { environmentLayer } from "./Environment.ts"
import { defaultLogging, loggingConfig, loggingLayer } from "./Logging.ts"
import { flushLimitMs, tracingConfig, tracingLayer } from "./Tracing.ts"

/** What a process is. */
export interface MainOptions<S, A, E> {
  /** Its name, in logs and traces. */
  readonly name: string
  /** Everything it reads from the environment, in one `Config.all`: all that is wrong is said at once. */
  readonly settings: Config.Config<S>
  /** What it runs until it is told to stop. */
  readonly layer: (settings: S) => Layer.Layer<A, E>
}

/** How long a process may take from SIGTERM to its end, in milliseconds. */
const stopLimitMs = 15_000

/** How long of that the layer has: the rest is for the last spans and lines, and for a machine that is busy. */
const drainLimit = Duration.millis(stopLimitMs - flushLimitMs - 500)

/**
 * Runs a process: reads `.env` and the environment, sets up logs and traces, builds the layer, and keeps it until SIGTERM
 * or SIGINT.
 *
 * - A wrong or missing variable, or a layer that cannot start, ends it with code 1 and one line for each fault.
 * - A signal stops it: readiness turns false, the layer is released, code 0. What is not released within 15 s is named
 *   in a line and cut off, code 1. A second signal kills it.
 * - A rejected promise nobody handles, or an exception nobody catches, is logged and stops it the same way, code 1.
 */
export const runMain = <S, A, E>(options: MainOptions<S, A, E>): void => {
  let code = 1
  NodeRuntime.runMain(
    main(options, (exitCode) => {
      code = exitCode
    }),
    {
      disableErrorReporting: true,
      disablePrettyLogger: true,
      teardown: (_, onExit) => onExit(code),
    },
  )
}

const main = <S, A, E>(options: MainOptions<S, A, E>, exitWith: (code: number) => void): Effect.Effect<void> =>
  Effect.gen(function* () {
    const logging = Either.getOrElse(yield* Effect.either(loggingConfig), () => defaultLogging)
    yield* Effect.gen(function* () {
      const [, tracing, settings] = yield* Config.all([loggingConfig, tracingConfig, options.settings])
      yield* run(options.name, options.layer(settings), exitWith).pipe(
        Effect.provide(tracingLayer(options.name, tracing)),
      )
    }).pipe(
      Effect.catchAllCause((cause) =>
        Effect.zipRight(
          logStartProblems(cause),
          Effect.sync(() => exitWith(1)),
        ),
      ),
      Effect.provide(loggingLayer(options.name, logging)),
    )
  }).pipe(
    Effect.provide(environmentLayer),
    Effect.catchAllCause((cause) =>
      Effect.zipRight(
        logStartProblems(cause),
        Effect.sync(() => exitWith(1)),
      ).pipe(Effect.provide(loggingLayer(options.name, defaultLogging))),
    ),
    // Two counters and a histogram per fiber, and there is a fiber per check.
    Effect.provide(RuntimeFlags.disableRuntimeMetrics),
    Effect.withUnhandledErrorLogLevel(Option.some(LogLevel.Error)),
  )

const run = <A, E>(name: string, layer: Layer.Layer<A, E>, exitWith: (code: number) => void): Effect.Effect<void> =>
  Effect.uninterruptibleMask(
    Effect.fnUntraced(function* (restore) {
      const began = yield* Clock.currentTimeMillis
      const fault = yield* processFault
      // Not a child of this fiber, which would wait for it at its end: what overruns the limit is to be left behind.
      const scope = yield* Scope.make()
      const fiber = yield* keepRunning(name, layer, began).pipe(restore, Effect.forkIn(scope))
      const outcome = yield* Fiber.await(fiber).pipe(Effect.raceFirst(Deferred.await(fault)), restore, Effect.exit)
      if (Exit.isSuccess(outcome) && outcome.value !== undefined) {
        if (Exit.isFailure(outcome.value)) yield* logStartProblems(outcome.value.cause)
        return exitWith(1)
      }
      const drained = yield* drain(name, fiber)
      exitWith(drained && Exit.isFailure(outcome) ? 0 : 1)
    }),
  )

/** Builds the layer and keeps it: ends only by failing to start, or by interruption. */
const keepRunning = <A, E>(name: string, layer: Layer.Layer<A, E>, began: number): Effect.Effect<never, E> =>
  Effect.gen(function* () {
    yield* Effect.logInfo(`${name} is starting`).pipe(Effect.annotateLogs({ pid: process.pid, node: process.version }))
    yield* Layer.build(layer)
    const took = (yield* Clock.currentTimeMillis) - began
    yield* Effect.logInfo(`${name} has started`).pipe(Effect.annotateLogs({ tookMs: took }))
    return yield* Effect.never
  }).pipe(Effect.scoped)

/** Releases everything within the limit; says what was not. Gives whether all of it was. */
const drain = Effect.fnUntraced(function* <A, E>(
  name: string,
  fiber: Fiber.RuntimeFiber<A, E>,
): Effect.fn.Return<boolean> {
  const draining = yield* Draining
  yield* draining.begin
  const began = yield* Clock.currentTimeMillis
  yield* Effect.logInfo(`${name} is stopping`)
  yield* Fiber.interruptFork(fiber)
  const exit = yield* Fiber.await(fiber).pipe(Effect.interruptible, Effect.timeoutOption(drainLimit))
  const tookMs = (yield* Clock.currentTimeMillis) - began
  if (Option.isNone(exit)) {
    const open = yield* draining.open
    yield* Effect.logError(
      `${name} did not stop within ${Duration.toSeconds(drainLimit)} s; cut off: ${open.length === 0 ? "something without a name" : open.join(", ")}`,
    )
    return false
  }
  if (Exit.isFailure(exit.value) && !Cause.isInterruptedOnly(exit.value.cause)) {
    yield* Effect.logError(`${name} failed while it stopped`, exit.value.cause)
    return false
  }
  yield* Effect.logInfo(`${name} has stopped`).pipe(Effect.annotateLogs({ tookMs }))
  return true
})

/** Completes when a promise was rejected or an exception thrown where nobody looks, after logging it. */
const processFault: Effect.Effect<Deferred.Deferred<undefined>> = Effect.gen(function* () {
  const fault = yield* Deferred.make<undefined>()
  const runFork = Runtime.runFork(yield* Effect.runtime<never>())
  const report = (what: string) => (reason: unknown) => {
    runFork(
      Effect.logFatal(what, reason instanceof Error ? Cause.die(reason) : String(reason)).pipe(
        Effect.zipRight(Deferred.succeed(fault, undefined)),
      ),
    )
  }
  yield* Effect.sync(() => {
    // Whoever read the log is gone: what is watched goes on being watched, without a log. Unheard, the error of one line
    // would be an exception, whose line is an error in turn, for ever.
    process.stdout.on("error", () => undefined)
    process.stderr.on("error", () => undefined)
    process.on("unhandledRejection", report("a promise was rejected and nobody handled it"))
    process.on("uncaughtException", report("an exception was thrown and nobody caught it"))
  })
  return fault
})

/** One line for each thing that keeps the process from starting; a defect, which is a bug of ours, with its stack. */
const logStartProblems = Effect.fnUntraced(function* (cause: Cause.Cause<unknown>): Effect.fn.Return<void> {
  const lines = [...Cause.failures(cause)].flatMap((error) =>
    ConfigError.isConfigError(error) ? configProblems(error) : [firstLine(error)],
  )
  for (const line of new Set(lines)) yield* Effect.logFatal(line)
  for (const defect of Cause.defects(cause)) yield* Effect.logFatal("the start failed by a defect", Cause.die(defect))
})

const firstLine = (error: unknown): string => {
  const text =
    Predicate.hasProperty(error, "message") && typeof error.message === "string" ? error.message : String(error)
  return text.trim().split(/[\r\n]/, 1)[0] ?? ""
}
