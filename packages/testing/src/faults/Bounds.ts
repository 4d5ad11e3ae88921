import { type Breach, breach } from "./Breach.ts"

/** What was used at one instant; null where it could not be asked. */
export interface Usage {
  /** The largest process of ours, in bytes. */
  readonly rssBytes: number | null
  readonly postgresConnections: number | null
  readonly redisConnections: number | null
  /** Entries on the stream. */
  readonly streamLength: number | null
}

/** The most that may be used. */
export type Limits = { readonly [name in keyof Usage]: number }

/** The most of each that was ever used; null where it was never seen. */
export const peaks = (usages: ReadonlyArray<Usage>): Usage => {
  const most = (of: (usage: Usage) => number | null) =>
    usages.reduce<number | null>((peak, usage) => {
      const now = of(usage)
      return now === null ? peak : Math.max(peak ?? 0, now)
    }, null)
  return {
    rssBytes: most(({ rssBytes }) => rssBytes),
    postgresConnections: most(({ postgresConnections }) => postgresConnections),
    redisConnections: most(({ redisConnections }) => redisConnections),
    streamLength: most(({ streamLength }) => streamLength),
  }
}

/** I7: at no instant more than the limits. */
export const bounded = (usages: ReadonlyArray<Usage>, limits: Limits): ReadonlyArray<Breach> => {
  const peak = peaks(usages)
  const over = (name: keyof Usage) => {
    const value = peak[name]
    return value !== null && value > limits[name] ? [`${name} ${value} of ${limits[name]}`] : []
  }
  return breach("I7 bounded", "limits passed", [
    ...over("rssBytes"),
    ...over("postgresConnections"),
    ...over("redisConnections"),
    ...over("streamLength"),
  ])
}
