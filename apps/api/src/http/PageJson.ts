import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { Schema } from "effect"

/**
 * A page as JSON, without the walk through its schema that costs most of a large page's time: every field of an item is
 * either plain or a time, whose own JSON is the schema's (a test of the contract holds them against each other). To be made
 * once for a list, not for each request.
 *
 * @param cursor the list's cursor
 */
export const pageJson = <C>(cursor: Schema.Schema<C, string>) => {
  const encode = Schema.encodeSync(Schema.NullOr(cursor))
  return (page: {
    readonly items: ReadonlyArray<object>
    readonly nextCursor: C | null
  }): HttpServerResponse.HttpServerResponse =>
    HttpServerResponse.unsafeJson({ items: page.items, nextCursor: encode(page.nextCursor) })
}

/** A page whose items are JSON texts already. */
export interface PageOfTexts<C> {
  readonly items: ReadonlyArray<string>
  readonly nextCursor: C | null
}

/** Such a page as JSON; `cursor` as above. */
export const pageOfTexts = <C>(cursor: Schema.Schema<C, string>) => {
  const encode = Schema.encodeSync(Schema.NullOr(cursor))
  return ({ items, nextCursor }: PageOfTexts<C>): HttpServerResponse.HttpServerResponse =>
    HttpServerResponse.text(`{"items":[${items.join(",")}],"nextCursor":${JSON.stringify(encode(nextCursor))}}`, {
      contentType: "application/json",
    })
}
