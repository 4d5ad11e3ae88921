import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import type { Fault } from "../Fault.ts"
import { expect, rowOf } from "../rowOf.ts"

const repository = fileURLToPath(new URL("../../..", import.meta.url))

/** `npm run fuzz` with so many requests: its exit code, and what it printed. */
const fuzz = (requests: number, seed: number): Effect.Effect<{ readonly code: number; readonly text: string }> =>
  Effect.async((resume) => {
    const child = execFile(
      "npm",
      ["run", "--silent", "fuzz", "--", "--requests", String(requests), "--seed", String(seed)],
      { cwd: repository, maxBuffer: 64 * 2 ** 20 },
      (_, stdout, stderr) => resume(Effect.succeed({ code: child.exitCode ?? -1, text: `${stdout}${stderr}` })),
    )
    return Effect.sync(() => child.kill())
  })

/** The api is attacked by requests that its own document gives, on servers of its own: `npm run fuzz`. */
export const apiAttacked: Fault = {
  id: "F31",
  name: "the api attacked by its own document",
  promise: "no 5xx, nothing of anybody else, no secret in an answer or a log",
  needsApi: true,
  isAlone: true,
  limitSeconds: 1_500,
  run: Effect.fnUntraced(function* (world) {
    const { code, text } = yield* fuzz(world.isWhole ? 100_000 : 5_000, world.plan.seed)
    const lines = text
      .split(/[\r\n]/)
      .flatMap((line) => line.trim().replaceAll(/\s+/g, " ") || [])
      .filter((line) => !/^\d+ of \d+$/.test(line))
    return yield* rowOf(apiAttacked, world, {
      breaches: expect("nothing is found", code === 0, `code ${code}: ${lines.slice(-3).join(" | ")}`),
      // What it found stands above the twelve lines that count.
      remarks: lines.slice(code === 0 ? -12 : -60).map((line) => line.slice(0, 200)),
    })
  }),
}
