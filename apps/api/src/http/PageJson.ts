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

/** A page as JSON in UTF-8, of items that are that already; `cursor` as above. */
export const writtenPage = <C>(cursor: Schema.Schema<C, string>) => {
  const encode = Schema.encodeSync(Schema.NullOr(cursor))
  return (page: { readonly items: ReadonlyArray<Uint8Array>; readonly nextCursor: C | null }): Uint8Array => {
    const parts: Array<Uint8Array> = [begin]
    for (const item of page.items) {
      if (parts.length > 1) parts.push(comma)
      parts.push(item)
    }
    parts.push(Buffer.from(`],"nextCursor":${JSON.stringify(encode(page.nextCursor))}}`))
    return Buffer.concat(parts)
  }
}

const begin = Buffer.from('{"items":[')
const comma = Buffer.from(",")
