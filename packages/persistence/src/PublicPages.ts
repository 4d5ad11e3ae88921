import { SqlClient } from "@effect/sql/SqlClient"
import type { StatusPageId } from "@uptime/domain/Ids"
import type { LogoType, PageVisibility } from "@uptime/domain/StatusPage"
import { PublicPage } from "@uptime/statuspage/PublicPage"
import { Context, Effect, Layer, Schema } from "effect"
import { buildPublicPage } from "./PublicPageBuild.ts"
import { duePages } from "./PublicPageDue.ts"
import { failAs, transaction } from "./SqlFailure.ts"
import type { Logo } from "./StatusPage.ts"
import type { StoreError } from "./StoreError.ts"

/** What a page is looked up by: its slug, or its own host name, once that is proven. */
export type PageKey = { readonly slug: string } | { readonly domain: string }

/** All that showing a page takes: what the public sees, and who may see it. */
export interface ServedPage {
  readonly id: StatusPageId
  readonly view: PublicPage
  readonly visibility: PageVisibility
  readonly passwordHash: string | null
  readonly allowedRanges: ReadonlyArray<string>
  readonly customCss: string
  readonly logo: Logo | null
  /** How much memory it takes, about. */
  readonly bytes: number
}

/** A page that was found. */
export interface FoundPage {
  /** What tells this page from the one it was before; it stays while nothing of it changes but when it was built. */
  readonly stamp: string
  /** When it was built last, in milliseconds since the epoch. */
  readonly builtAt: number
  /** Null where the stamp is the one that was known. */
  readonly page: ServedPage | null
}

/** The most pages that are built by one go. */
const maxBuilds = 100

/** What the public is shown (`PublicPage`): built from everything else, and read by nothing but itself. */
export class PublicPages extends Context.Tag("@uptime/persistence/PublicPages")<
  PublicPages,
  {
    /**
     * Builds pages anew of which something that they show changed, or that were built a minute ago; at most 100. Several
     * processes may do so at once.
     *
     * @returns how many were built
     */
    readonly buildDue: Effect.Effect<number, StoreError>
    /** Builds a page now. */
    readonly build: (id: StatusPageId) => Effect.Effect<void, StoreError>
    /**
     * Looks up a page; null where there is none, or it was not built yet.
     *
     * @param knownStamp the stamp of the page that the caller has
     */
    readonly find: (key: PageKey, knownStamp: string | null) => Effect.Effect<FoundPage | null, StoreError>
  }
>() {
  /** The pages of a database. */
  static readonly layer: Layer.Layer<PublicPages, never, SqlClient> = Layer.effect(
    PublicPages,
    Effect.map(SqlClient, (sql) => {
      /** Builds a page unless somebody else is at it; whether it did. */
      const buildOne = Effect.fnUntraced(
        function* (id: StatusPageId, builtAt: Date | null) {
          const [free] = yield* sql`
            SELECT FROM status_pages AS page WHERE id = ${id}
              AND (SELECT built_at FROM public_pages WHERE page_id = page.id) IS NOT DISTINCT FROM ${builtAt}::timestamptz
            FOR NO KEY UPDATE SKIP LOCKED`
          if (free === undefined) return 0
          yield* buildPublicPage(sql, id)
          return 1
        },
        transaction(sql, "PublicPages.buildDue"),
      )

      return PublicPages.of({
        buildDue: Effect.gen(function* () {
          const due = yield* failAs("PublicPages.buildDue")(duePages(sql, maxBuilds))
          let built = 0
          for (const { builtAt, id } of due) built += yield* buildOne(id, builtAt)
          return built
        }).pipe(Effect.withTracerEnabled(false)),

        build: Effect.fn("PublicPages.build")((id) =>
          Effect.zipRight(
            sql`SELECT FROM status_pages WHERE id = ${id} FOR NO KEY UPDATE`,
            buildPublicPage(sql, id),
          ).pipe(transaction(sql, "PublicPages.build")),
        ),

        find: Effect.fnUntraced(
          function* (key, knownStamp) {
            const [found] = yield* sql<StampRow>`
              SELECT page.id, version || round(date_part('epoch', updated_at) * 1000) AS stamp,
                round(date_part('epoch', built_at) * 1000) AS "builtAt"
              FROM status_pages AS page JOIN public_pages ON page_id = page.id
              WHERE ${"slug" in key ? sql`slug = ${key.slug}` : sql`domain = ${key.domain} AND domain_proven_at IS NOT NULL`}`
            if (found === undefined) return null
            const { builtAt, id, stamp } = found
            if (stamp === knownStamp) return { stamp, builtAt, page: null }
            const [row] = yield* sql<PageRow>`
              SELECT page.id, view, visibility, password_hash AS "passwordHash", allowed_ranges AS "allowedRanges",
                custom_css AS "customCss", logo, logo_type AS "logoType"
              FROM status_pages AS page JOIN public_pages ON page_id = page.id WHERE page.id = ${id}`
            if (row === undefined) return null
            const { logo, logoType, view, ...page } = row
            return {
              stamp,
              builtAt,
              page: {
                ...page,
                view: yield* decodeView(view),
                logo: logo === null || logoType === null ? null : { type: logoType, bytes: logo },
                bytes: 2 * view.length + page.customCss.length + (logo?.length ?? 0),
              },
            }
          },
          failAs("PublicPages.find"),
          Effect.withTracerEnabled(false),
        ),
      })
    }),
  )
}

const decodeView = Schema.decode(Schema.parseJson(PublicPage))

interface StampRow {
  readonly id: StatusPageId
  readonly stamp: string
  readonly builtAt: number
}

interface PageRow extends Omit<ServedPage, "view" | "logo" | "bytes"> {
  readonly view: string
  readonly logo: Uint8Array | null
  readonly logoType: LogoType | null
}
