import { type ChildProcessByStdio, spawn } from "node:child_process"
import { accessSync, constants } from "node:fs"
import type { Readable } from "node:stream"
import { Effect } from "effect"
import { pingNotPermitted } from "./PingOutput.ts"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"

/** Where operating systems keep their `ping`. */
const places = ["/usr/bin/ping", "/bin/ping", "/sbin/ping", "/usr/sbin/ping", "/run/wrappers/bin/ping"]

/** Gives the path of the machine's `ping` program; null while it has none. */
export type FindPing = () => string | null

/** Looks for an executable file until one is found, and remembers it then. */
const firstExecutable = (paths: ReadonlyArray<string>): FindPing => {
  let found: string | null = null
  return () => {
    found ??= paths.find(isExecutable) ?? null
    return found
  }
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The machine's own `ping`: Node.js has no ICMP sockets, and only this program is let use them by every system. */
export const systemPing: FindPing = firstExecutable(places)

/** What a `ping` program wrote: the first 8 KiB of either, of which it needs a twentieth. */
export interface PingOutput {
  readonly output: string
  readonly complaint: string
}

const maxOutput = 8_192

/** How long a program that was told to stop is given to print its sums, in milliseconds. */
const stopMs = 250

const notStarted = failure("internal", "the checker could not start its ping program")

/**
 * Why a process does not start, by the system's code for it. A program with a file capability that this process cannot
 * have, such as in a container without any, is refused as a whole (execve(2), EPERM).
 */
const startFailures: ReadonlyMap<string, ProbeFailure> = new Map([
  ["EPERM", pingNotPermitted],
  ["EMFILE", failure("internal", "the checker ran out of file handles")],
  ["EAGAIN", failure("internal", "the checker's machine ran out of processes")],
  ["ENOMEM", failure("internal", "the checker's machine ran out of memory")],
])

/**
 * Runs a `ping` program to its end, without a shell, and in the C locale. When its time is up it is told to stop, which
 * makes it print its sums; it is killed when it does not, and on interruption.
 *
 * @param withinMs the time it may take; what it wrote is there a quarter of a second later at most
 */
export const runPing = (
  path: string,
  args: ReadonlyArray<string>,
  withinMs: number,
): Effect.Effect<PingOutput, ProbeFailure> =>
  Effect.async((resume) => {
    const child = start(path, args)
    if ("kind" in child) {
      resume(Effect.fail(child))
      return
    }
    const output = gather(child.stdout)
    const complaint = gather(child.stderr)
    const kill = () => {
      clearTimeout(timer)
      child.kill("SIGKILL")
      // Or whatever else holds them would keep `close` away.
      child.stdout.destroy()
      child.stderr.destroy()
    }
    const end = (result: Effect.Effect<PingOutput, ProbeFailure>) => {
      clearTimeout(timer)
      resume(result)
    }
    const written = () => end(Effect.succeed({ output: output(), complaint: complaint() }))
    let timer = setTimeout(() => {
      child.kill("SIGINT")
      timer = setTimeout(() => {
        kill()
        written()
      }, stopMs)
    }, withinMs)
    child.once("close", written)
    child.on("error", (error) => end(Effect.fail(startFailure(error))))
    return Effect.sync(kill)
  })

type Program = ChildProcessByStdio<null, Readable, Readable>

const start = (path: string, args: ReadonlyArray<string>): Program | ProbeFailure => {
  try {
    return spawn(path, args, { stdio: ["ignore", "pipe", "pipe"], env: { LC_ALL: "C" }, windowsHide: true })
  } catch (error) {
    // Some of the system's refusals are thrown, others come as an event.
    return startFailure(error)
  }
}

const startFailure = (error: unknown): ProbeFailure => {
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  return startFailures.get(code) ?? notStarted
}

/** Takes in a stream, and gives the beginning of what it brought. */
const gather = (stream: Readable): (() => string) => {
  let text = ""
  stream.setEncoding("latin1")
  stream.on("data", (more: string) => {
    if (text.length < maxOutput) text += more.slice(0, maxOutput - text.length)
  })
  stream.on("error", () => undefined)
  return () => text
}
