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

/** A page whose items are JSON already, in UTF-8. */
export interface WrittenPage<C> {
  readonly items: ReadonlyArray<Uint8Array>
  readonly nextCursor: C | null
}

/** Such a page as JSON; `cursor` as above. */
export const writtenPageJson = <C>(cursor: Schema.Schema<C, string>) => {
  const encode = Schema.encodeSync(Schema.NullOr(cursor))
  return ({ items, nextCursor }: WrittenPage<C>): HttpServerResponse.HttpServerResponse => {
    const parts: Array<Uint8Array> = [begin]
    for (const item of items) {
      if (parts.length > 1) parts.push(comma)
      parts.push(item)
    }
    parts.push(Buffer.from(`],"nextCursor":${JSON.stringify(encode(nextCursor))}}`))
    return HttpServerResponse.uint8Array(Buffer.concat(parts), { contentType: "application/json" })
  }
}

const begin = Buffer.from('{"items":[')
const comma = Buffer.from(",")
