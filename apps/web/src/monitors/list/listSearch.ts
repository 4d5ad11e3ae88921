import { type ShownStatus, statusOrder } from "../../ui/status.ts"

/** The orders of the list. */
export const orders = ["status", "name", "newest", "slowest", "uptime"] as const
/** An order of the list: worst status first, by name, newest first, slowest first, least uptime first. */
export type Order = (typeof orders)[number]

/** What the address of the list says about what it shows. */
export interface ListSearch {
  /** Looked for in name, URL, tags and group. */
  readonly q?: string | undefined
  /** Only these; all without any. */
  readonly status?: ReadonlyArray<ShownStatus> | undefined
  readonly tag?: ReadonlyArray<string> | undefined
  readonly group?: ReadonlyArray<string> | undefined
  readonly kind?: ReadonlyArray<string> | undefined
  /** By status when nothing is said. */
  readonly sort?: Order | undefined
  /** Whether monitors are shown under the names of their groups. */
  readonly grouped?: boolean | undefined
}

/** The most names of one filter that an address may hold. */
const most = 50

/** Reads what an address says; what means nothing is left out. */
export const readListSearch = (search: Record<string, unknown>): ListSearch => {
  const { q, sort } = search
  const order = orders.find((each) => each === sort)
  const status = statusOrder.filter((each) => namesOf(search["status"]).includes(each))
  const tag = namesOf(search["tag"])
  const group = namesOf(search["group"])
  const kind = namesOf(search["kind"])
  return {
    ...(typeof q === "string" || typeof q === "number" ? (String(q) === "" ? {} : { q: String(q).slice(0, 200) }) : {}),
    ...(status.length === 0 ? {} : { status }),
    ...(tag.length === 0 ? {} : { tag }),
    ...(group.length === 0 ? {} : { group }),
    ...(kind.length === 0 ? {} : { kind }),
    ...(order === undefined || order === "status" ? {} : { sort: order }),
    ...(search["grouped"] === true ? { grouped: true } : {}),
  }
}

const namesOf = (value: unknown): ReadonlyArray<string> =>
  (Array.isArray(value) ? value : [value])
    .flatMap((each: unknown) => (typeof each === "string" && each !== "" ? [each] : []))
    .slice(0, most)

/** A filter with a name added, or without it when it was there. */
export const toggled = <T extends string>(
  names: ReadonlyArray<T> | undefined,
  name: T,
): ReadonlyArray<T> | undefined => {
  const next = names?.includes(name) === true ? names.filter((each) => each !== name) : [...(names ?? []), name]
  return next.length === 0 ? undefined : next
}
