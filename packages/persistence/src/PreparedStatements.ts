import { LruCache } from "@uptime/runtime/LruCache"
import { Predicate } from "effect"
import type pg from "pg"
import { lostStatements, sqlStateOf } from "./SqlState.ts"

/** How often a statement is sent as text before it is worth keeping: as psycopg and pgJDBC have it. */
const usesUntilPrepared = 5

/** The most statements that are kept: each costs some 100 KB in every connection. What comes later is sent as text. */
const maxPrepared = 100

/** What may be prepared: not the bounds of transactions, nor several statements in one text. */
const preparable = /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b[^;]*$/i

/** Texts whose uses are counted. */
const maxCounted = 500

/**
 * Has every connection of a pool keep statements that are used again and again, so that the server parses and plans them
 * once and not at each call, which for most of ours takes longer than what they do. Which, is learnt from their use, and no
 * caller need know.
 *
 * Between us and the server there may be a pooler that gives each transaction another connection and knows nothing of this,
 * or somebody may change a table beneath a statement. The first failure that says so ends it for the whole pool: that
 * statement and all that follow are sent as text.
 */
export const prepareOften = (pool: pg.Pool): void => {
  const uses = new LruCache<{ count: number }>(maxCounted)
  const names = new Map<string, string>()
  let isOn = true

  const nameOf = (text: string): string | undefined => {
    const known = names.get(text)
    if (known !== undefined || names.size >= maxPrepared || !preparable.test(text)) return known
    const use = uses.get(text) ?? { count: 0 }
    use.count++
    if (use.count <= usesUntilPrepared) {
      uses.set(text, use)
      return undefined
    }
    uses.delete(text)
    const name = `often_${names.size + 1}`
    names.set(text, name)
    return name
  }

  pool.on("connect", (client) => {
    const { query } = client
    // The driver's method has nine forms; all but the one that our client uses go through as they are.
    Reflect.set(client, "query", (...args: ReadonlyArray<unknown>) => {
      const [text, values, callback] = args
      const name = isOn && typeof text === "string" && Array.isArray(values) ? nameOf(text) : undefined
      if (name === undefined || !isAnswer(callback)) return Reflect.apply(query, client, args)
      const answered = (error: unknown, result: unknown): void => {
        if (!isOutdated(error)) {
          callback(error, released(result))
          return
        }
        isOn = false
        // Nothing was done yet. In a transaction this fails as well, and what is to be told is why.
        const again = (failed: unknown, second: unknown): void => callback(failed ? error : failed, second)
        Reflect.apply(query, client, [text, values, again])
      }
      return Reflect.apply(query, client, [{ name, text }, values, answered])
    })
  })
}

/**
 * The answer with its rows in another array. What the driver's own array held, which has grown over several turns of the event
 * loop, outlives every collection of young objects until all objects are gone through: measured on Node 20, where a call that
 * reads a few hundred rows left them behind, and each collection took 5 ms instead of 1.
 */
const released = (result: unknown): unknown => {
  if (Predicate.hasProperty(result, "rows") && Array.isArray(result.rows)) {
    Reflect.set(result, "rows", result.rows.splice(0))
  }
  return result
}

const isAnswer = (callback: unknown): callback is (error: unknown, result: unknown) => void =>
  typeof callback === "function"

/** No such statement, or one of that name already; or its columns are others now. */
const isOutdated = (error: unknown): boolean => {
  const state = sqlStateOf(error) ?? ""
  if (state === "0A000") return Predicate.hasProperty(error, "routine") && error.routine === "RevalidateCachedQuery"
  return lostStatements.has(state)
}
