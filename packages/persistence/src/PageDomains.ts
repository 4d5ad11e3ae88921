import { SqlClient } from "@effect/sql/SqlClient"
import { proofDays } from "@uptime/domain/DomainProof"
import type { StatusPageId, UserId } from "@uptime/domain/Ids"
import { Context, Effect, Layer } from "effect"
import { failAs } from "./SqlFailure.ts"
import { StatusPageNotFound } from "./StatusPage.ts"
import type { StoreError } from "./StoreError.ts"

/** A host name that a page wants to be shown at. */
export interface DomainClaim {
  readonly pageId: StatusPageId
  readonly host: string
  /** What the record of the host has to hold. */
  readonly token: string
}

/** How often a record that was seen is looked up again, in seconds. */
const againAfterSeconds = 86_400

/** The least time between two looks for one that was not seen, in seconds; a tenth of what it has waited, at most an hour. */
const retryAfterSeconds = 60

/** The host names of status pages, and how far they are proven to be their owners'. */
export class PageDomains extends Context.Tag("@uptime/persistence/PageDomains")<
  PageDomains,
  {
    /**
     * Takes host names whose record is to be looked up: those not seen yet for 7 days, ever more rarely, and those that were
     * seen once a day. What was taken is not due again for a minute, whoever asks.
     *
     * @param limit the most of them
     */
    readonly take: (limit: number) => Effect.Effect<ReadonlyArray<DomainClaim>, StoreError>
    /** Takes the host name of an owner's page, however long ago it was given; null where the page has none. */
    readonly takeOf: (
      userId: UserId,
      id: StatusPageId,
    ) => Effect.Effect<DomainClaim | null, StatusPageNotFound | StoreError>
    /**
     * Notes that the record of a host name was there: the page is served there from now on, unless another one is. A claim
     * that is not the page's any more changes nothing.
     */
    readonly proven: (claim: DomainClaim) => Effect.Effect<void, StoreError>
    /** Notes that the record was not there: after 7 days of that, a page is not served there any more. */
    readonly missing: (claim: DomainClaim) => Effect.Effect<void, StoreError>
  }
>() {
  /** The host names of a database. */
  static readonly layer: Layer.Layer<PageDomains, never, SqlClient> = Layer.effect(
    PageDomains,
    Effect.map(SqlClient, (sql) =>
      PageDomains.of({
        take: (limit) =>
          sql<DomainClaim>`
            UPDATE status_pages SET domain_checked_at = now()
            WHERE id IN (
              SELECT id FROM status_pages
              WHERE domain_token IS NOT NULL AND CASE
                WHEN domain_proven_at IS NOT NULL
                  THEN domain_checked_at IS NULL OR domain_checked_at < now() - ${againAfterSeconds}::int * interval '1 second'
                ELSE domain_asked_at > now() - ${proofDays}::int * interval '1 day' AND (domain_checked_at IS NULL
                  OR domain_checked_at < now() - least(greatest((now() - domain_asked_at) / 10,
                    ${retryAfterSeconds}::int * interval '1 second'), interval '1 hour'))
              END
              ORDER BY domain_checked_at NULLS FIRST LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED
            )
            RETURNING id AS "pageId", domain AS host, domain_token AS token`.pipe(
            failAs("PageDomains.take"),
            Effect.withTracerEnabled(false),
          ),

        takeOf: Effect.fn("PageDomains.takeOf")(function* (userId, id) {
          const [row] = yield* sql<{ readonly host: string | null; readonly token: string | null }>`
            UPDATE status_pages SET
              domain_checked_at = CASE WHEN domain_token IS NOT NULL THEN now() END,
              domain_asked_at = CASE WHEN domain_token IS NOT NULL AND domain_proven_at IS NULL THEN now() ELSE domain_asked_at END
            WHERE id = ${id} AND user_id = ${userId} RETURNING domain AS host, domain_token AS token`
          if (row === undefined) return yield* new StatusPageNotFound({ id })
          const { host, token } = row
          return host === null || token === null ? null : { pageId: id, host, token }
        }, failAs("PageDomains.takeOf")),

        // Between the look for another and the write, another may come: the index decides, and the next look notes it.
        proven: Effect.fn("PageDomains.proven")(
          ({ host, pageId, token }) =>
            Effect.asVoid(sql`
            UPDATE status_pages AS page SET domain_proven_at = date_trunc('milliseconds', now()),
              updated_at = CASE WHEN domain_proven_at IS NULL THEN date_trunc('milliseconds', clock_timestamp()) ELSE updated_at END
            WHERE id = ${pageId} AND domain = ${host} AND domain_token = ${token} AND NOT EXISTS (
              SELECT FROM status_pages AS other
              WHERE other.domain = page.domain AND other.id <> page.id AND other.domain_proven_at IS NOT NULL
            )`),
          failAs("PageDomains.proven"),
        ),

        missing: Effect.fn("PageDomains.missing")(
          ({ host, pageId, token }) =>
            Effect.asVoid(sql`
            UPDATE status_pages SET domain_proven_at = NULL, domain_asked_at = now(),
              updated_at = date_trunc('milliseconds', clock_timestamp())
            WHERE id = ${pageId} AND domain = ${host} AND domain_token = ${token}
              AND domain_proven_at < now() - ${proofDays}::int * interval '1 day'`),
          failAs("PageDomains.missing"),
        ),
      }),
    ),
  )
}
