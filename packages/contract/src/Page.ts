import { Schema } from "effect"

/**
 * One page of a list. `nextCursor` is null on the last page; given back as `cursor` it brings the next one.
 *
 * @param item the items' schema
 * @param cursor the list's cursor
 */
export const Page = <A, I, C>(item: Schema.Schema<A, I>, cursor: Schema.Schema<C, string>) =>
  Schema.Struct({ items: Schema.Array(item), nextCursor: Schema.NullOr(cursor) })

/** How many items a page holds unless the caller says otherwise. */
export const defaultLimit = 20

/** The most monitors that one page holds. */
export const maxMonitorLimit = 100

/**
 * The most results that one page holds. More than for monitors: a result is a small row of one index range, and a day of a
 * monitor checked every minute from two regions is 2,880 of them.
 */
export const maxResultLimit = 1000

/** The most rows that one page of a report holds, and as many as it holds unless the caller says otherwise. */
export const maxReportLimit = 1000
