import { Effect, type Scope } from "effect"
import { Conversation, underTls } from "./Conversation.ts"
import { dial } from "./Dial.ts"
import { type Credentials, logIn, notMysql } from "./MysqlLogin.ts"
import * as Packets from "./MysqlPackets.ts"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"
import { outOfTime, type ProbeRun, timeLeft } from "./ProbeRun.ts"
import { maxRows, QueryRows } from "./QueryRows.ts"
import { readSecret, socketProbe, type Target } from "./SocketProbe.ts"

/** The most that is read, in bytes. */
const limit = 1_048_576

/** The most columns of a result, which is what a server has of a table's. */
const maxColumns = 4_096

/** Who a check without a user name says it is: nobody's name, and the server's answer shows that it is there. */
const stranger = "uptime"

const noTls = failure("protocol", "the server does not offer TLS")
const refusedLogin = failure("protocol", "the server refuses the connection")
const refusedQuery = failure("protocol", "the server refuses the query")
const notReadOnly = failure("protocol", "the server cannot run a query that only reads")
const tooLong = failure("protocol", "the query's first row is longer than 64 KiB: ask for less")
const wantsFile = failure("protocol", "the server asks for a file of the checker's, and gets none")

/** What errors mean that say more than that there was one, by number ("Server Error Message Reference"). */
const failures: ReadonlyMap<number, ProbeFailure> = new Map([
  [1040, failure("protocol", "the server has no connection free")],
  [1044, failure("protocol", "the user may not use the database")],
  [1045, failure("protocol", "the server refuses the user name or password")],
  [1049, failure("protocol", "the database does not exist")],
  [1064, failure("protocol", "the query is not one statement of SQL")],
  [
    1129,
    failure("protocol", "the server has blocked the checker's address after too many errors: FLUSH HOSTS frees it"),
  ],
  [1130, failure("protocol", "the server does not let anybody in from the checker's address")],
  [1142, failure("protocol", "the user may not do what the query asks for")],
  [1146, failure("protocol", "the query asks for a table that does not exist")],
  [1792, failure("protocol", "the query writes, and a check only reads")],
])
/** The statement took longer than it was allowed to: MySQL's number, and MariaDB's. */
const statementTimeouts: ReadonlySet<number> = new Set([3024, 1969])
/** No such user, not from this address, not to this database: the server is there and keeps its door. */
const strangerRefused: ReadonlySet<number> = new Set([1044, 1045, 1130, 1251, 1524, 1698])

/**
 * One check of a MySQL or MariaDB server: it logs in and asks for the first rows of a query, which runs read-only and no
 * longer than the check; `SELECT 1` unless one is given. What conditions see are the rows as JSON.
 *
 * Without a user name, a server is `Up` that greets and then does not know us. The login is tried all the same: a server
 * counts those who leave at the greeting, and blocks their address (`max_connect_errors`).
 *
 * @returns never fails
 */
export const mysqlProbe = socketProbe(
  Effect.fnUntraced(function* (run, target) {
    const { password, query = "SELECT 1", tls, username } = run.spec.mysql ?? {}
    const secret = password === undefined ? "" : yield* readSecret(run, password)
    const { conversation, greeting, sequence } = yield* greeted(run, target)
    if (username === undefined) {
      yield* recognised(run, conversation, greeting, sequence)
      yield* conversation.farewell(Packets.quit)
      return null
    }
    const credentials: Credentials = {
      username,
      password: secret,
      database: databaseOf(run),
      isOpen: tls === "never",
    }
    yield* logIn(conversation, greeting, sequence, credentials, (error) => meaningOf(run, error, refusedLogin))
    for (const statement of preparations(run)) {
      conversation.send(Packets.query(statement))
      yield* rowsOf(run, conversation, notReadOnly)
    }
    conversation.send(Packets.query(query))
    const rows = yield* rowsOf(run, conversation)
    if (rows.isTooLong) return yield* Effect.fail(tooLong)
    run.trace.body = rows.toJson()
    yield* conversation.farewell(Packets.quit)
    return null
  }),
)

/** A stranger asks for no database. */
const databaseOf = ({ spec }: ProbeRun): string | undefined =>
  spec.mysql?.username === undefined ? undefined : spec.mysql.database

interface Greeted {
  readonly conversation: Conversation
  readonly greeting: Packets.Greeting
  /** The place of the next packet that is sent. */
  readonly sequence: number
}

const greeted = Effect.fnUntraced(function* (
  run: ProbeRun,
  { host, port, tlsHost }: Target,
): Effect.fn.Return<Greeted, ProbeFailure, Scope.Scope> {
  const { ignoreTls = false, tls = "prefer" } = run.spec.mysql ?? {}
  const socket = yield* dial(run, host, port)
  const conversation = yield* Conversation.open(run, socket, { limit })
  const packet = yield* conversation.receive(Packets.readPacket, notMysql)
  if (Packets.isError(packet)) return yield* Effect.fail(meaningOf(run, Packets.readError(packet), refusedLogin))
  const greeting = Packets.readGreeting(packet)
  if (greeting === null) return yield* Effect.fail(notMysql)
  run.trace.body = greeting.version
  const sequence = packet.sequence + 1
  if (tls === "never" || (tls === "prefer" && !greeting.offersTls)) return { conversation, greeting, sequence }
  if (!greeting.offersTls) return yield* Effect.fail(noTls)
  conversation.send(Packets.tlsRequest(sequence, databaseOf(run)))
  const secured = yield* underTls(
    run,
    conversation,
    { host: tlsHost, ignoreTls },
    { limit, isOpportunistic: tls === "prefer" },
  )
  return { conversation: secured, greeting, sequence: sequence + 1 }
})

/** Whether a server lets a stranger in, or does not know it. */
const recognised = (
  run: ProbeRun,
  conversation: Conversation,
  greeting: Packets.Greeting,
  sequence: number,
): Effect.Effect<void, ProbeFailure> => {
  const nobody: Credentials = { username: stranger, password: "", database: undefined, isOpen: true }
  let isRefused = false
  return logIn(conversation, greeting, sequence, nobody, (error) => {
    isRefused = strangerRefused.has(error.code)
    return isRefused ? refusedLogin : meaningOf(run, error, refusedLogin)
  }).pipe(
    Effect.catchIf(
      () => isRefused,
      () => Effect.void,
    ),
  )
}

/**
 * Nothing is written and no more rows come than are kept; and the server itself ends the query when the check's time is
 * up. The two comments are read as statements by MySQL and by MariaDB alone, each by its own.
 */
const preparations = (run: ProbeRun): ReadonlyArray<string> => {
  const milliseconds = Math.max(1, Math.ceil(timeLeft(run)))
  return [
    `SET SESSION sql_select_limit = ${maxRows} /*!50708 , max_execution_time = ${milliseconds} */ /*M!100101 , max_statement_time = ${milliseconds / 1000} */`,
    "SET SESSION TRANSACTION READ ONLY",
    "START TRANSACTION READ ONLY",
  ]
}

/**
 * The first rows of the first result that a statement has; none where it has no rows.
 *
 * @param refusal what any error means, where the statement is ours
 */
const rowsOf = Effect.fnUntraced(function* (
  run: ProbeRun,
  conversation: Conversation,
  refusal?: ProbeFailure,
): Effect.fn.Return<QueryRows, ProbeFailure> {
  const next = Effect.flatMap(conversation.receive(Packets.readPacket, notMysql), (packet) =>
    Packets.isError(packet)
      ? Effect.fail(refusal ?? meaningOf(run, Packets.readError(packet), refusedQuery))
      : Effect.succeed(packet),
  )
  const rows = new QueryRows()
  const first = yield* next
  if (Packets.isOk(first)) return rows
  if (Packets.asksForFile(first)) return yield* Effect.fail(wantsFile)
  const count = Packets.readColumnCount(first)
  if (count === null || count > maxColumns) return yield* Effect.fail(notMysql)
  const columns: Array<Packets.MysqlColumn> = []
  while (columns.length < count) {
    const column = Packets.readColumn(yield* next)
    if (column === null) return yield* Effect.fail(notMysql)
    columns.push(column)
  }
  if (!Packets.isEnd(yield* next)) return yield* Effect.fail(notMysql)
  while (!rows.isFull) {
    const packet = yield* next
    if (Packets.isEnd(packet)) return rows
    const row = Packets.readRow(packet, columns)
    if (row === null) return yield* Effect.fail(notMysql)
    rows.add(row)
  }
  return rows
})

/** What the server says of its error goes to the evidence; the message is ours. */
const meaningOf = (run: ProbeRun, { code, text }: Packets.MysqlError, otherwise: ProbeFailure): ProbeFailure => {
  run.trace.body = text
  return statementTimeouts.has(code) ? outOfTime(run) : (failures.get(code) ?? otherwise)
}
