import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { Region } from "@uptime/domain/Region"
import type { TestRunResult } from "@uptime/domain/TestRun"
import { Context, Data, type Effect, type Option, type Scope } from "effect"
import type { StreamError } from "./CheckStream.ts"

/**
 * Why a region gave no result.
 *
 * - `absent`: no worker of the region is running
 * - `busy`: its workers are, but none was free in time
 * - `late`: one took the run and did not answer in time
 */
export class NotTested extends Data.TaggedError("NotTested")<{ readonly reason: "absent" | "busy" | "late" }> {}

/** A test run in a worker's hands. */
export interface TakenRun {
  readonly spec: CheckSpec
  /** Gives the result to whoever asked, if they still wait. */
  readonly answer: (result: TestRunResult) => Effect.Effect<void, StreamError>
}

/** A worker's side. */
export interface TestRunWorker {
  /** The next run, waited for up to two seconds. One that waited too long, or that nobody wants any more, is never given. */
  readonly take: Effect.Effect<Option.Option<TakenRun>, StreamError>
}

/** How long a run waits for a free worker, in milliseconds; after that it is not run any more. */
export const startWithinMs = 3_000

/** How long its answer is waited for beyond the check's timeout, once it was taken, in milliseconds. */
export const answerGraceMs = 2_000

/** How long a worker waits for a run, in milliseconds. */
export const takeWaitMs = 2_000

/** The most runs that wait for a free worker of one region. */
export const maxWaitingRuns = 50

/**
 * Checks that a person waits for: each is given to one worker of a region at once, and answered to who asked. They have
 * nothing to do with the stream of jobs, so that no backlog holds them up, and nothing is kept of them. Where api and workers
 * share no process, what they carry is what jobs carry: the check's specification, its secrets sealed.
 */
export class TestRuns extends Context.Tag("@uptime/stream/TestRuns")<
  TestRuns,
  {
    /**
     * Has a check run in a region. Ends at the latest after the check's timeout and five seconds. When the caller is
     * interrupted a run that no worker took is taken back.
     */
    readonly ask: (region: Region, spec: CheckSpec) => Effect.Effect<TestRunResult, NotTested | StreamError>
    /** Makes a worker of a region known until the scope closes. */
    readonly worker: (region: Region) => Effect.Effect<TestRunWorker, never, Scope.Scope>
  }
>() {}
