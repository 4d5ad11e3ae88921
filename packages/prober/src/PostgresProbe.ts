import { Effect, type Scope } from "effect"
import { Conversation, underTls } from "./Conversation.ts"
import { dial } from "./Dial.ts"
import { type Credentials, logIn, notPostgres } from "./PostgresLogin.ts"
import * as Messages from "./PostgresMessages.ts"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"
import { outOfTime, type ProbeRun, timeLeft } from "./ProbeRun.ts"
import { maxRows, QueryRows } from "./QueryRows.ts"
import { readSecret, socketProbe, type Target } from "./SocketProbe.ts"
import { offersTls } from "./StartTlsNegotiation.ts"

/** The most that is read, in bytes. */
const limit = 1_048_576

/** Who a check without a user name says it is: nobody's name, and the server's answer shows that it is there. */
const stranger = "uptime"

const noTls = failure("protocol", "the server does not offer TLS")
const refusedLogin = failure("protocol", "the server refuses the connection")
const refusedQuery = failure("protocol", "the server refuses the query")
const tooLong = failure("protocol", "the query's first row is longer than 64 KiB: ask for less")
const notRows = failure("protocol", "the query copies data: ask for rows")

/** What errors mean that say more than that there was one, by SQLSTATE ("PostgreSQL Error Codes" in its documentation). */
const failures: ReadonlyMap<string, ProbeFailure> = new Map([
  ["28P01", failure("protocol", "the server refuses the user name or password")],
  ["28000", failure("protocol", "the server does not let this user in from here")],
  ["3D000", failure("protocol", "the database does not exist")],
  ["53300", failure("protocol", "the server has no connection free")],
  ["57P03", failure("protocol", "the server is starting or stopping")],
  ["25006", failure("protocol", "the query writes, and a check only reads")],
  ["42501", failure("protocol", "the user may not do what the query asks for")],
  ["42601", failure("protocol", "the query is not one statement of SQL")],
  ["42P01", failure("protocol", "the query asks for a table that does not exist")],
])
const statementTimeout = "57014"

/**
 * One check of a PostgreSQL server: it logs in and asks for the first rows of a query, which runs read-only and no longer
 * than the check; `SELECT 1` unless one is given. What conditions see are the rows as JSON.
 *
 * Without a user name, a server is `Up` that asks who is there or says that it does not know us: it speaks PostgreSQL.
 *
 * @returns never fails
 */
export const postgresProbe = socketProbe(
  Effect.fnUntraced(function* (run, target) {
    const { database, password, query = "SELECT 1", tls, username = stranger } = run.spec.postgres ?? {}
    const secret = password === undefined ? null : yield* readSecret(run, password)
    const conversation = yield* connected(run, target)
    conversation.send(
      Messages.startup({
        user: username,
        database: database ?? username,
        application_name: "uptime",
        client_encoding: "UTF8",
      }),
    )
    if (run.spec.postgres?.username === undefined) {
      // No goodbye: the server waits for a password, and takes silence for what it is.
      yield* recognised(run, conversation)
      return null
    }
    const credentials: Credentials = { username, password: secret, isOpen: tls === "never" }
    yield* logIn(conversation, credentials, (error) => meaningOf(run, error, refusedLogin))
    yield* ready(run, conversation)
    const milliseconds = Math.max(1, Math.ceil(timeLeft(run)))
    conversation.send(Messages.simpleQuery(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${milliseconds}`))
    yield* ready(run, conversation)
    conversation.send(Messages.firstRowsOf(query, maxRows))
    const rows = yield* firstRows(run, conversation)
    if (rows.isTooLong) return yield* Effect.fail(tooLong)
    run.trace.body = rows.toJson()
    yield* conversation.farewell(Messages.terminate)
    return null
  }),
)

const connected = Effect.fnUntraced(function* (
  run: ProbeRun,
  { host, port, tlsHost }: Target,
): Effect.fn.Return<Conversation, ProbeFailure, Scope.Scope> {
  const { ignoreTls = false, tls = "prefer" } = run.spec.postgres ?? {}
  const socket = yield* dial(run, host, port)
  const conversation = yield* Conversation.open(run, socket, { limit })
  if (tls === "never") return conversation
  if (yield* offersTls(conversation)) {
    return yield* underTls(
      run,
      conversation,
      { host: tlsHost, ignoreTls },
      { limit, isOpportunistic: tls === "prefer" },
    )
  }
  return tls === "prefer" ? conversation : yield* Effect.fail(noTls)
})

/** Whether a server asks a stranger to log in, lets it in, or does not know it (class 28), or its database (class 3D). */
const recognised = (run: ProbeRun, conversation: Conversation): Effect.Effect<void, ProbeFailure> =>
  Effect.flatMap(conversation.receive(Messages.readMessage, notPostgres), (message) => {
    if (message.type === "R") return Effect.void
    const error = message.type === "E" ? Messages.readError(message) : null
    if (error === null) return Effect.fail(notPostgres)
    return /^(?:28|3D)/.test(error.code) ? Effect.void : Effect.fail(meaningOf(run, error, refusedLogin))
  })

/** Waits until the server takes the next query. */
const ready = (run: ProbeRun, conversation: Conversation): Effect.Effect<void, ProbeFailure> =>
  Effect.flatMap(conversation.receive(Messages.readNext("EZ"), notPostgres), (message) =>
    message.type === "E" ? failed(run, message) : Effect.void,
  )

/** Rows, what describes them and ends them, errors, and what a COPY answers. */
const ofResult = "TDEZGHWd"

const firstRows = Effect.fnUntraced(function* (
  run: ProbeRun,
  conversation: Conversation,
): Effect.fn.Return<QueryRows, ProbeFailure> {
  const rows = new QueryRows()
  let columns: ReadonlyArray<Messages.PostgresColumn> | null = null
  while (!rows.isFull) {
    const message = yield* conversation.receive(Messages.readNext(ofResult), notPostgres)
    if (message.type === "Z") return rows
    if (message.type === "E") return yield* failed(run, message)
    if (message.type === "T" && columns === null) {
      columns = Messages.readColumns(message)
      if (columns === null) return yield* Effect.fail(notPostgres)
    } else if (message.type === "D" && columns !== null) {
      const row = Messages.readRow(message, columns)
      if (row === null) return yield* Effect.fail(notPostgres)
      rows.add(row)
    } else return yield* Effect.fail("GHWd".includes(message.type) ? notRows : notPostgres)
  }
  return rows
})

const failed = (run: ProbeRun, message: Messages.PostgresMessage): Effect.Effect<never, ProbeFailure> => {
  const error = Messages.readError(message)
  return Effect.fail(error === null ? notPostgres : meaningOf(run, error, refusedQuery))
}

/** What the server says of its error goes to the evidence; the message is ours. */
const meaningOf = (run: ProbeRun, { code, text }: Messages.PostgresError, otherwise: ProbeFailure): ProbeFailure => {
  run.trace.body = text
  return code === statementTimeout ? outOfTime(run) : (failures.get(code) ?? otherwise)
}
