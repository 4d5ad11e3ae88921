import { Clock, Duration, Effect, Fiber, Schedule, type Scope } from "effect"
import { type Wire, wireTo } from "../../apps/api/test/fuzz/Wire.ts"

/** What became of those who guess, and of everybody else meanwhile. Times in milliseconds. */
export interface Guessing {
  readonly guesses: number
  readonly perSecond: number
  /** How often each status was answered to a guess. */
  readonly byStatus: ReadonlyMap<number, number>
  /** How late the event loop was, by the api's own metric: the worst second of each. */
  readonly loopP99Ms: number
  readonly healthP50Ms: number
  readonly healthP99Ms: number
  readonly healthMaxMs: number
  /** Of a person who knows their password and logs in once a second: how often it was tried, how often it worked at once. */
  readonly logins: number
  readonly loggedIn: number
  readonly loginMaxMs: number
}

/** How long is guessed, and how many guesses a second. */
const forMs = 20_000
const perSecond = 200

const password = "hush-correct horse battery"

const post = (wire: Wire, path: string, from: string, body: object) =>
  wire({
    method: "POST",
    path,
    headers: { "content-type": "application/json", "x-forwarded-for": from },
    body: Buffer.from(JSON.stringify(body)),
  })

const get = (wire: Wire, path: string) => wire({ method: "GET", path, headers: {}, body: null })

/** A guess: every other one of many accounts from one place, the others of one account from many places. */
const guess = (wire: Wire, n: number) =>
  n % 2 === 0
    ? post(wire, "/api/auth/login", "203.0.113.9", {
        email: `victim${n % 500}@example.com`,
        password: `hush-guess${n}`,
      })
    : post(wire, "/api/auth/login", `100.64.${(n >> 8) % 256}.${n % 256}`, {
        email: "victim1@example.com",
        password: `hush-guess${n}`,
      })

const quantile = (values: ReadonlyArray<number>, part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0

/** Guesses passwords at an api for twenty seconds, and watches what everybody else notices. */
export const guessPasswords = Effect.fnUntraced(function* (
  base: string,
): Effect.fn.Return<Guessing, never, Scope.Scope> {
  const guesser = yield* wireTo(base)
  const watcher = yield* wireTo(base)
  const others = yield* wireTo(base)
  const email = "owner@example.com"
  yield* post(others, "/api/auth/signup", "198.51.100.1", { email, name: "Owner", password })
  yield* post(others, "/api/auth/signup", "198.51.100.2", { email: "victim1@example.com", name: "Victim", password })
  yield* get(watcher, "/metrics")

  const byStatus = new Map<number, number>()
  const health: Array<number> = []
  const lags: Array<number> = []
  const logins: Array<{ readonly status: number; readonly tookMs: number }> = []

  const watching = yield* Effect.forkScoped(
    get(watcher, "/healthz").pipe(
      Effect.tap(({ status, tookMs }) => Effect.sync(() => health.push(status === 200 ? tookMs : Number.NaN))),
      Effect.repeat(Schedule.spaced("20 millis")),
    ),
  )
  const measuring = yield* Effect.forkScoped(
    get(watcher, "/metrics").pipe(
      Effect.tap(({ text }) =>
        Effect.sync(() => lags.push(Number(/^nodejs_eventloop_lag_p99_seconds (.+)$/m.exec(text)?.[1] ?? "0") * 1_000)),
      ),
      Effect.delay("1 second"),
      Effect.forever,
    ),
  )
  const loggingIn = yield* Effect.forkScoped(
    post(others, "/api/auth/login", "198.51.100.1", { email, password }).pipe(
      Effect.tap(({ status, tookMs }) => Effect.sync(() => logins.push({ status, tookMs }))),
      Effect.delay("1 second"),
      Effect.forever,
    ),
  )

  const began = yield* Clock.currentTimeMillis
  const flying: Array<Fiber.RuntimeFiber<void>> = []
  for (let elapsed = 0; elapsed < forMs; elapsed = (yield* Clock.currentTimeMillis) - began) {
    while (flying.length < (elapsed / 1_000) * perSecond) {
      const fiber = yield* Effect.forkScoped(
        Effect.map(guess(guesser, flying.length), ({ status }) => {
          byStatus.set(status, (byStatus.get(status) ?? 0) + 1)
        }),
      )
      flying.push(fiber)
    }
    yield* Effect.sleep(Duration.millis(5))
  }
  const tookMs = (yield* Clock.currentTimeMillis) - began
  yield* Effect.forEach(flying, Fiber.join, { discard: true })
  yield* Fiber.interruptAll([watching, measuring, loggingIn])
  return {
    guesses: flying.length,
    perSecond: Math.round((flying.length / tookMs) * 1_000),
    byStatus,
    loopP99Ms: Math.max(...lags),
    healthP50Ms: quantile(health, 0.5),
    healthP99Ms: quantile(health, 0.99),
    healthMaxMs: Math.max(...health),
    logins: logins.length,
    loggedIn: logins.filter(({ status }) => status === 200).length,
    loginMaxMs: Math.max(...logins.map((login) => login.tookMs)),
  }
})
