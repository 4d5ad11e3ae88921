import { Predicate } from "effect"
import type { Random } from "./Random.ts"

/** Somebody in whose name requests are sent. */
export interface Tenant {
  readonly email: string
  password: string
  token: string
  readonly belongings: Belongings
}

/** The lists in which a person has things, by the first parts of their paths. */
const lists = ["monitor", "channels", "escalations", "maintenances", "status-pages", "incidents"] as const
export type List = (typeof lists)[number]

/** The most ids of one list that are remembered. */
const kept = 60

/** What somebody has made and deleted, by id, and where pages of their lists go on. */
export class Belongings {
  private readonly there = new Map<List, Array<string>>()
  private readonly gone = new Map<List, Array<string>>()
  private readonly secretPaths: Array<string> = []
  private readonly cursors = new Map<string, string>()

  /** Something that is there, as far as was heard. */
  one(list: List, random: Random): string | undefined {
    return random.any(this.there.get(list) ?? [])
  }

  /** Something that was deleted. */
  deleted(list: List, random: Random): string | undefined {
    return random.any(this.gone.get(list) ?? [])
  }

  /** The last part of the path of a ping, or of a push. */
  pingId(random: Random): string | undefined {
    return random.any(this.secretPaths)
  }

  /** All of these, newest last. */
  get pingIds(): ReadonlyArray<string> {
    return this.secretPaths
  }

  cursor(path: string): string | undefined {
    return this.cursors.get(path)
  }

  made(list: List, id: string): void {
    remember(this.there, list, id)
  }

  removed(list: List, id: string): void {
    const ids = this.there.get(list) ?? []
    this.there.set(
      list,
      ids.filter((one) => one !== id),
    )
    remember(this.gone, list, id)
  }

  /** Takes note of what an answer to a request that succeeded says. */
  learn(method: string, path: string, status: number, body: unknown): void {
    const [list, id, ...rest] = path.split("?")[0]?.split("/").slice(2) ?? []
    if (!isList(list)) return
    if (method === "POST" && id === undefined && status === 201 && hasId(body)) this.made(list, body.id)
    if (method === "DELETE" && id !== undefined && rest.length === 0 && status === 204) this.removed(list, id)
    if (list === "monitor" && id === "bulk" && Predicate.hasProperty(body, "results")) this.learnBulk(body.results)
    if (rest[0] === "heartbeat" && isHeartbeat(body)) {
      this.secretPaths.push(body.pingId, body.token)
      if (this.secretPaths.length > kept) this.secretPaths.splice(0, 2)
    }
    if (Predicate.hasProperty(body, "nextCursor") && Predicate.isString(body.nextCursor)) {
      this.cursors.set(path.split("?")[0] ?? "", body.nextCursor)
    }
  }

  private learnBulk(results: unknown): void {
    if (!Array.isArray(results)) return
    for (const result of results) {
      if (!hasId(result) || !Predicate.hasProperty(result, "action")) continue
      if (result.action === "create") this.made("monitor", result.id)
      if (result.action === "delete") this.removed("monitor", result.id)
    }
  }
}

const isList = (name: string | undefined): name is List => lists.some((list) => list === name)

const hasId = (value: unknown): value is { readonly id: string } =>
  Predicate.hasProperty(value, "id") && Predicate.isString(value.id)

const isHeartbeat = (value: unknown): value is { readonly pingId: string; readonly token: string } =>
  Predicate.hasProperty(value, "pingId") &&
  Predicate.isString(value.pingId) &&
  Predicate.hasProperty(value, "token") &&
  Predicate.isString(value.token)

const remember = (ids: Map<List, Array<string>>, list: List, id: string): void => {
  const before = ids.get(list) ?? []
  ids.set(list, [...before.slice(-kept), id])
}
