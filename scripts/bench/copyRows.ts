import { Effect, type Scope } from "effect"
import pg from "pg"
import type { NewResult } from "../../packages/domain/src/Result.ts"

/** What of the driver's connection is asked for in the middle of a `COPY`. */
interface CopyConnection {
  readonly sendCopyFromChunk: (chunk: Buffer) => void
  readonly endCopyFrom: () => void
}

/** A query that the driver leaves to its user: `COPY … FROM STDIN` of rows in text, which it calls back as the server answers. */
const copyQuery = (statement: string, rows: string, done: (failure: Error | null) => void) => ({
  submit: (connection: pg.Connection) => connection.query(statement),
  handleCopyInResponse: (connection: CopyConnection) => {
    connection.sendCopyFromChunk(Buffer.from(rows))
    connection.endCopyFrom()
  },
  handleCommandComplete: () => {},
  handleReadyForQuery: () => done(null),
  handleError: (failure: Error) => done(failure),
})

const statement = `COPY check_results (monitor_id, location, scheduled_at, checked_at, status, response_time_ms, dns_ms,
  connect_ms, tls_ms, first_byte_ms, transfer_ms, http_status, error_kind, error_message, attempts) FROM STDIN`

const line = ({ checkedAt, monitorId, outcome, region, slot }: NewResult): string => {
  const { connect, dns, firstByte, tls, transfer } = outcome.phases
  const instant = (ms: number) => new Date(ms).toISOString()
  return [
    ...[monitorId, region, instant(slot), instant(checkedAt), outcome.status, outcome.responseTimeMs],
    ...[dns, connect, tls, firstByte, transfer, outcome.httpStatus, outcome.errorKind, outcome.errorMessage],
    outcome.attempts,
  ]
    .map((value) => value ?? "\\N")
    .join("\t")
}

/**
 * The quickest way there is to put results into their table, each batch a transaction: `COPY`, on one connection. The texts of
 * the results must hold nothing that `COPY` escapes.
 */
export const copier = (
  url: string,
): Effect.Effect<(batch: ReadonlyArray<NewResult>) => Effect.Effect<void>, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(async () => {
        const client = new pg.Client(url)
        await client.connect()
        return client
      }),
      (client) => Effect.promise(() => client.end()),
    ),
    (client) => (batch) =>
      Effect.async<void>((resume) => {
        client.query(
          copyQuery(statement, `${batch.map(line).join("\n")}\n`, (failure) =>
            resume(failure === null ? Effect.void : Effect.die(failure)),
          ),
        )
      }),
  )
