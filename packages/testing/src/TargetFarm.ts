import * as Http from "node:http"
import { Effect, type Scope } from "effect"

/** How a path of the farm answers. */
export type Answer =
  | { readonly _tag: "Status"; readonly status: number; readonly body?: string }
  /** 200, after so long. */
  | { readonly _tag: "Slow"; readonly delayMs: number; readonly body?: string }
  | { readonly _tag: "Redirect"; readonly location: string }
  /** These bytes, whatever they are, and the end of the connection. */
  | { readonly _tag: "Raw"; readonly bytes: Uint8Array }
  /** The connection is cut as soon as the request has come. */
  | { readonly _tag: "Reset" }
  /** No answer, and the connection stays open. */
  | { readonly _tag: "Hang" }

/** Sites for a prober to check, on 127.0.0.1, which remember who asked. */
export interface TargetFarm {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** How often a path was asked for, without its query. */
  readonly hits: (path: string) => Effect.Effect<number>
  /** How often any path was asked for. */
  readonly totalHits: Effect.Effect<number>
  /** When each job was asked for, in milliseconds since the epoch, by the value of the query's `job`. */
  readonly jobHits: Effect.Effect<ReadonlyMap<string, ReadonlyArray<number>>>
  /** Waits until a path was asked for that often in all. Set a limit of time around it. */
  readonly awaitHits: (path: string, count: number) => Effect.Effect<void>
  /**
   * From now on a path answers so, whatever its name says: a site goes down, or comes back.
   *
   * @param userAgent whom alone it answers so, by the whole `User-Agent`; without it, all who have no answer of their own
   */
  readonly answer: (path: string, answer: Answer, userAgent?: string) => Effect.Effect<void>
}

/**
 * What a path's name says about its answer; everything behind it is free, so that each monitor can have its own path:
 * `/status/503/…`, `/slow/250/…` (200 after 250 ms), `/reset/…`, `/hang/…`, and 200 for all others.
 */
export const answerByName = (path: string): Answer => {
  const [, kind, argument] = path.split("/")
  switch (kind) {
    case "status":
      return { _tag: "Status", status: Number(argument) }
    case "slow":
      return { _tag: "Slow", delayMs: Number(argument) }
    case "reset":
      return { _tag: "Reset" }
    case "hang":
      return { _tag: "Hang" }
    default:
      return { _tag: "Status", status: 200 }
  }
}

interface Waiter {
  readonly path: string
  readonly count: number
  readonly resume: () => void
}

/** A farm that listens on a free port until the scope closes, and then cuts whatever is still open. */
export const targetFarm: Effect.Effect<TargetFarm, never, Scope.Scope> = Effect.gen(function* () {
  const hits = new Map<string, number>()
  const answers = new Map<string, Answer>()
  const waiters = new Set<Waiter>()
  const jobs = new Map<string, Array<number>>()
  let total = 0

  const countJob = (url: string) => {
    const job = new URLSearchParams(url.slice(url.indexOf("?") + 1)).get("job")
    if (job === null) return
    const before = jobs.get(job)
    if (before === undefined) jobs.set(job, [Date.now()])
    else before.push(Date.now())
  }

  const count = (path: string) => {
    total += 1
    const now = (hits.get(path) ?? 0) + 1
    hits.set(path, now)
    for (const waiter of waiters) {
      if (waiter.path === path && waiter.count <= now) {
        waiters.delete(waiter)
        waiter.resume()
      }
    }
  }

  const server = Http.createServer((request, response) => {
    const path = (request.url ?? "/").replace(/\?.*$/s, "")
    count(path)
    if (request.url?.includes("?") === true) countJob(request.url)
    const own = answers.get(`${path} ${request.headers["user-agent"]}`)
    const answer = own ?? answers.get(path) ?? answerByName(path)
    switch (answer._tag) {
      case "Status":
        response.writeHead(answer.status).end(answer.body)
        break
      case "Slow": {
        const timer = setTimeout(() => response.writeHead(200).end(answer.body), answer.delayMs)
        response.on("close", () => clearTimeout(timer))
        break
      }
      case "Redirect":
        response.writeHead(302, { location: answer.location }).end()
        break
      case "Raw":
        request.socket.end(answer.bytes)
        break
      case "Reset":
        request.socket.resetAndDestroy()
        break
      case "Hang":
        break
    }
  })
  server.requestTimeout = 0

  const port = yield* Effect.acquireRelease(
    Effect.async<number>((resume) => {
      server.on("error", (error) => resume(Effect.die(error)))
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(
          address === null || typeof address === "string"
            ? Effect.dieMessage("The farm has no port")
            : Effect.succeed(address.port),
        )
      })
    }),
    () =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      }),
  )

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    hits: (path) => Effect.sync(() => hits.get(path) ?? 0),
    totalHits: Effect.sync(() => total),
    jobHits: Effect.sync(() => jobs),
    awaitHits: (path, count) =>
      Effect.async((resume) => {
        if ((hits.get(path) ?? 0) >= count) return resume(Effect.void)
        const waiter = { path, count, resume: () => resume(Effect.void) }
        waiters.add(waiter)
        return Effect.sync(() => waiters.delete(waiter))
      }),
    answer: (path, answer, userAgent) =>
      Effect.sync(() => answers.set(userAgent === undefined ? path : `${path} ${userAgent}`, answer)),
  }
})
