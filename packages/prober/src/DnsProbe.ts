import { randomInt, randomUUID } from "node:crypto"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { readUrl } from "@uptime/domain/MonitorUrl"
import type { ProbeOutcome } from "@uptime/domain/Result"
import { Effect, type Scope } from "effect"
import { speaksOf } from "./Conditions.ts"
import { askNameServer } from "./DnsExchange.ts"
import { askedName, type DnsAnswer, type DnsQuestion } from "./DnsMessage.ts"
import { areExpected } from "./DnsRecord.ts"
import { type NameServer, type OwnNameServers, parseNameServer, systemNameServers } from "./NameServer.ts"
import {
  failure,
  malformedName,
  malformedUrl,
  type ProbeFailure,
  resolverUnavailable,
  targetRefused,
} from "./ProbeFailure.ts"
import {
  conclude,
  outOfTime,
  type ProbeRun,
  type ProbeServices,
  startRun,
  timeLeft,
  withinDeadline,
} from "./ProbeRun.ts"
import { checkAddress, dialledHost } from "./TargetGuard.ts"

const malformedServer = failure("internal", "the monitor's name server is not an address")
const broken = failure("internal", "the checker failed in the middle of the check")

/**
 * One DNS check: a question for the host's name to the name server of the check's choice, or to this machine's own, over
 * UDP or TCP. `Up` when it answers with the response code that is expected, `NOERROR` unless told otherwise, and with the
 * records that are expected, or with any unless told otherwise.
 *
 * A name server that the check chose is the target: its silence and its failures are `Down`, and its address must pass the
 * target guard, unless this machine asks it anyway. Of this machine's own name servers, silence and failures say nothing
 * until another question shows that they work; then it is the name's own name servers that fail.
 *
 * @param ownNameServers this machine's; those of the operating system unless given
 * @returns never fails
 */
export const dnsProbe = (
  services: ProbeServices,
  spec: CheckSpec,
  ownNameServers: OwnNameServers = systemNameServers,
): Effect.Effect<ProbeOutcome> =>
  Effect.suspend(() => {
    const run = startRun(services, spec)
    return ask(run, ownNameServers()).pipe(
      Effect.flatMap((answer) => judge(run, answer)),
      Effect.catchAllDefect(() => Effect.fail(broken)),
      Effect.match({
        onFailure: (found) => conclude(run, found),
        onSuccess: () => conclude(run, null),
      }),
    )
  })

const ask = (run: ProbeRun, own: ReadonlyArray<NameServer>): Effect.Effect<DnsAnswer, ProbeFailure> => {
  const { resolver, type = "A" } = run.spec.dns ?? {}
  const url = readUrl(run.spec.url)
  if (url === null) return Effect.fail(malformedUrl)
  const name = askedName(dialledHost(url), type)
  if (name === null) return Effect.fail(malformedName)
  const question = { id: randomInt(65_536), name, type }
  return resolver === undefined ? askOwn(run, own, question) : askChosen(run, own, parseNameServer(resolver), question)
}

const askChosen = (
  run: ProbeRun,
  own: ReadonlyArray<NameServer>,
  server: NameServer | null,
  question: DnsQuestion,
): Effect.Effect<DnsAnswer, ProbeFailure> => {
  if (server === null) return Effect.fail(malformedServer)
  const isOwn = own.some(({ address, port }) => address === server.address && port === server.port)
  const refusal = isOwn ? null : checkAddress(run.services.policy, server.address)
  return refusal === null ? withinDeadline(run)(askOne(run, server, question)) : Effect.fail(targetRefused(refusal))
}

const askOne = (run: ProbeRun, server: NameServer, question: DnsQuestion): Effect.Effect<DnsAnswer, ProbeFailure> =>
  Effect.suspend(() => {
    run.trace.address = server.address
    return askNameServer(run, server, question, run.spec.dns?.protocol ?? "udp")
  })

/** The longest that one of several name servers is waited for before the next is asked, in milliseconds. */
const turnMs = 2_000

/** What a name server says when it cannot answer, whoever's fault it is. */
const failing: ReadonlySet<string> = new Set(["SERVFAIL", "NOTIMP", "REFUSED"])

const isFailing = (run: ProbeRun, { rcode }: DnsAnswer): boolean => failing.has(rcode) && rcode !== run.spec.dns?.rcode

/** Asks one after the other until one has an answer; otherwise ends as the last one did. */
const askInTurn = (
  run: ProbeRun,
  [server, ...others]: ReadonlyArray<NameServer>,
  question: DnsQuestion,
): Effect.Effect<DnsAnswer, ProbeFailure> => {
  if (server === undefined) return Effect.fail(resolverUnavailable)
  if (others.length === 0) return askOne(run, server, question)
  const next = Effect.suspend(() => askInTurn(run, others, question))
  return askOne(run, server, question).pipe(
    Effect.timeoutFail({
      duration: Math.min(turnMs, timeLeft(run) / (1 + others.length)),
      onTimeout: () => outOfTime(run),
    }),
    Effect.matchEffect({
      onFailure: () => next,
      onSuccess: (answer) => (isFailing(run, answer) ? next : Effect.succeed(answer)),
    }),
  )
}

const askOwn = Effect.fnUntraced(
  function* (
    run: ProbeRun,
    own: ReadonlyArray<NameServer>,
    question: DnsQuestion,
  ): Effect.fn.Return<DnsAnswer, ProbeFailure, Scope.Scope> {
    // Asked well before the deadline, so that it is known then whose fault the silence is.
    let isAlive: boolean | null = null
    const canary = Effect.map(ownNameServersAnswer(run), (answers) => {
      isAlive = answers
      return answers
    })
    yield* Effect.forkScoped(Effect.delay(canary, Math.min(1_000, timeLeft(run) / 2)))
    return yield* askInTurn(run, own, question).pipe(
      withinDeadline(run),
      Effect.catchAll((found) =>
        Effect.fail(found.kind === "timeout" && isAlive === true ? found : resolverUnavailable),
      ),
      Effect.tap((answer) =>
        Effect.filterOrFail(
          isFailing(run, answer) ? canary : Effect.succeed(true),
          (answers) => answers,
          () => resolverUnavailable,
        ),
      ),
    )
  },
  Effect.scoped,
  // Where this machine asks is nobody's business outside.
  (asked, run) =>
    Effect.ensuring(
      asked,
      Effect.sync(() => {
        run.trace.address = null
      }),
    ),
)

/**
 * Whether this machine's name servers answer a question that they cannot have an answer to in store. Under .com, whose names
 * are denied in a way (NSEC3 opt-out) that lets no resolver make up the answer by itself.
 */
const ownNameServersAnswer = (run: ProbeRun): Effect.Effect<boolean> =>
  Effect.suspend(() =>
    Effect.match(run.services.resolver.resolve(`${randomUUID()}.com`, timeLeft(run)), {
      onFailure: ({ reason }) => reason !== "unavailable",
      onSuccess: () => true,
    }),
  )

const wrongRecords = {
  any: failure("protocol", "none of the expected records is in the answer"),
  all: failure("protocol", "an expected record is not in the answer"),
  exactly: failure("protocol", "the records of the answer are not exactly those expected"),
} as const

/** Conditions on these say for themselves what an answer without records means. */
const aboutRecords = ["[DNS_RCODE]", "[RECORDS]", "[BODY]"] as const

const judge = (run: ProbeRun, { rcode, records }: DnsAnswer): Effect.Effect<void, ProbeFailure> => {
  const { spec, trace } = run
  const { expect, type = "A" } = spec.dns ?? {}
  trace.connected = true
  trace.dnsRcode = rcode
  trace.records = records
  trace.body = records.join("\n")
  const expectedRcode = spec.dns?.rcode ?? (speaksOf(spec, "[DNS_RCODE]") ? rcode : "NOERROR")
  if (rcode !== expectedRcode) {
    return Effect.fail(failure("protocol", `the name server answered ${rcode}, not ${expectedRcode}`))
  }
  if (expect !== undefined)
    return areExpected(expect, type, records) ? Effect.void : Effect.fail(wrongRecords[expect.match])
  const isNoMatter = rcode !== "NOERROR" || aboutRecords.some((placeholder) => speaksOf(spec, placeholder))
  return records.length > 0 || isNoMatter
    ? Effect.void
    : Effect.fail(failure("protocol", `the name has no ${type} record`))
}
