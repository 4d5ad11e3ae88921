/**
 * `npm run fuzz [-- --requests 100000] [-- --seed N]`: attacks the built api, on a PostgreSQL and a Redis of its own, by
 * requests that its own OpenAPI document gives, and then by guessing passwords; judges every answer, and searches answers and
 * logs for secrets. Prints what it found and fails where that is anything.
 */
import "../nodeVersion.mjs"
import { randomInt } from "node:crypto"
import { Effect } from "effect"
import { type FuzzReport, findingText, fuzz } from "../../apps/api/test/fuzz/Fuzz.ts"
import { secretMark } from "../../apps/api/test/fuzz/SampleTexts.ts"
import { incidentsIn } from "../../apps/api/test/fuzz/SeededIncidents.ts"
import { ensureInstalled } from "../install.mjs"
import { optionsOf } from "../options.ts"
import { builtApi } from "./builtApi.ts"
import { type Guessing, guessPasswords } from "./guessing.ts"

const values = optionsOf(import.meta.url, {
  requests: { type: "string", default: "100000" },
  seed: { type: "string", default: String(randomInt(2 ** 31)) },
})
const requests = Number(values.requests)
const seed = Number(values.seed)

/** How long an answer may take on a machine with nothing else to do, and one for which a password is hashed, in milliseconds. */
const maxAnswerMs = 1_000
const maxHashedMs = 5_000

/** What guessing may do to everybody else, in milliseconds. */
const maxLoopMs = 50
const maxHealthMs = 100

const quantile = (sorted: ReadonlyArray<number>, part: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1)

const byNumber = (counts: ReadonlyMap<number, number>): string =>
  [...counts]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status}: ${count}`)
    .join(", ")

const printReport = ({ byStatus, findings, requests: sent, succeeded, tookMs, wrong }: FuzzReport): void => {
  for (const finding of findings) console.log(`\n${findingText(finding)}`)
  console.log(`\n${sent} requests of seed ${seed}`)
  console.log(`  answered by status   ${byNumber(byStatus)}`)
  console.log(
    `  took                 p50 ${quantile(tookMs, 0.5)} ms, p99 ${quantile(tookMs, 0.99)} ms, max ${quantile(tookMs, 1)} ms`,
  )
  console.log(`  calls that succeeded ${succeeded.size}`)
  console.log(`  not as they must be  ${wrong}`)
}

const printGuessing = (guessing: Guessing): void => {
  console.log(`\n${guessing.guesses} guesses of passwords, ${guessing.perSecond} a second`)
  console.log(`  answered by status   ${byNumber(guessing.byStatus)}`)
  console.log(`  event loop           p99 ${guessing.loopP99Ms.toFixed(1)} ms late in its worst second`)
  console.log(
    `  /healthz             p50 ${guessing.healthP50Ms.toFixed(1)} ms, p99 ${guessing.healthP99Ms.toFixed(1)} ms, max ${guessing.healthMaxMs.toFixed(1)} ms`,
  )
  console.log(
    `  owner's log-ins      ${guessing.loggedIn} of ${guessing.logins} at once, max ${guessing.loginMaxMs.toFixed(0)} ms`,
  )
}

/** The lines of the log that tell a secret, a token, a hash or the address of a ping. */
const tellingLines = (log: string, confidential: ReadonlyArray<string>): ReadonlyArray<string> =>
  log
    .split("\n")
    .filter(
      (line) =>
        line.includes(secretMark) ||
        /eyJ[\w-]{10,}\.eyJ|\$2[aby]\$\d\d\$|[Bb]earer [\w-]{8}/.test(line) ||
        confidential.some((text) => line.includes(text)),
    )

const run = Effect.gen(function* () {
  ensureInstalled()
  console.log(`Seed ${seed}: the same again by --requests ${requests} --seed ${seed}`)
  const { base, databaseUrl, log } = yield* builtApi
  const report = yield* fuzz({
    base,
    requests,
    seed,
    limits: { tookMs: maxAnswerMs, hashedMs: maxHashedMs, mayBeBusy: false },
    onProgress: (sent) => {
      if (sent % 10_000 === 0) console.log(`${sent} of ${requests}`)
    },
    prepare: incidentsIn(databaseUrl),
  })
  printReport(report)
  const guessing = yield* guessPasswords(base)
  printGuessing(guessing)
  const written = yield* log
  const telling = tellingLines(written, report.confidential)
  for (const line of telling.slice(0, 20)) console.log(line.slice(0, 600))
  console.log(`\n${written.split("\n").length} lines of log, of which ${telling.length} tell a secret`)
  const isFine =
    report.wrong === 0 &&
    telling.length === 0 &&
    guessing.loopP99Ms < maxLoopMs &&
    guessing.healthP99Ms < maxHealthMs &&
    guessing.loggedIn > 0 &&
    (guessing.byStatus.get(429) ?? 0) > 0
  console.log(isFine ? "All as it must be." : "Not all is as it must be.")
  return isFine
})

process.exitCode = (await Effect.runPromise(Effect.scoped(run))) ? 0 : 1
