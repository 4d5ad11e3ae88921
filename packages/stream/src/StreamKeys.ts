import type { Region } from "@uptime/domain/Region"

/**
 * The key of the entries that a region set aside: `{<key>}:dead:<region>`, or `<key>:dead:<region>` where the key holds a
 * hash tag of its own. By that tag a cluster keeps all keys of one stream in one slot, so that one script may touch them
 * (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags).
 *
 * Each of its entries has the fields `job` (the entry's text), `reason` (a `DeadReason`), `detail` (a sentence),
 * `deliveries` (how often it was handed out) and `at` (milliseconds since the epoch, by the server's clock).
 *
 * @param key the stream's key; it must not hold a `}` outside a hash tag
 */
export const deadKey = (key: string, region: Region): string => `${tagged(key)}:dead:${region}`

const tagged = (key: string): string => (/\{[^}]+\}/.test(key) ? key : `{${key}}`)

/** The key with an addition to its hash tag; where it has none, all of it is the tag: `{<key><addition>}`. */
export const withTag = (key: string, addition: string): string =>
  tagged(key).replace(/\{([^}]+)\}/, (_, tag) => `{${tag}${addition}}`)

/**
 * The sorted set of the numbers of shards that the stream is split over, or was lately, each with the time (milliseconds
 * since the epoch) at which a process that publishes said so last.
 */
export const layoutsKey = (key: string): string => `${tagged(key)}:shards`

/** About how many entries `dead:{region}` keeps; the oldest go first. */
export const maxDead = 100_000

/**
 * The keys of the test runs of a region: `waiting` is the list of the ids of those that no worker took, `workers` is there
 * while a worker is. All of them end by themselves.
 */
export const testRunKeys = (key: string, region: Region) => ({
  waiting: `${tagged(key)}:tests:${region}`,
  workers: `${tagged(key)}:tests:${region}:workers`,
})

/** The key of what one test run carries; it is gone as soon as a worker took it, or after seconds. */
export const testRunKey = (key: string, id: string): string => `${tagged(key)}:test:${id}`

/** The channel that a process which asked for test runs is answered on. */
export const answerChannel = (key: string, listener: string): string => `${key}:tests:answers:${listener}`
