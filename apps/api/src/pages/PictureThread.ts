import { Worker } from "node:worker_threads"
import { Data, Effect } from "effect"

/** The thread broke, or answered no picture. */
export class PictureThreadError extends Data.TaggedError("PictureThreadError")<{
  readonly message: string
  readonly cause?: unknown
}> {}

/** The thread's code: beside this file in the sources, and beside the bundle in what is built. */
const workerUrl = new URL("./pictureWorker.js", import.meta.url)

/** The most that a thread may hold besides the picture itself, in megabytes. */
const maxHeapMb = 128

/**
 * Draws an SVG document as PNG, in a thread of its own that ends with it: pictures are rare, and what draws them takes more
 * memory than all pages together. Interruption ends the thread, whatever it is at.
 *
 * @param svg with the font family `DejaVu Sans`; characters that it lacks are taken from M PLUS 1p
 * @returns the bytes of a PNG
 */
export const drawPicture = (svg: string): Effect.Effect<Uint8Array, PictureThreadError> =>
  Effect.async((resume) => {
    const worker = new Worker(workerUrl, {
      name: "page picture",
      workerData: svg,
      stdin: false,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    })
    worker.unref()
    worker.once("message", (answer: unknown) =>
      resume(
        answer instanceof Uint8Array
          ? Effect.succeed(answer)
          : new PictureThreadError({ message: "the thread that draws pictures answered something else" }),
      ),
    )
    worker.once("error", (cause: unknown) =>
      resume(new PictureThreadError({ message: "the thread that draws pictures broke", cause })),
    )
    worker.once("exit", (code) =>
      resume(new PictureThreadError({ message: `the thread that draws pictures ended with code ${code}` })),
    )
    return Effect.promise(() => worker.terminate())
  })
