import { decodeJob, encodeJob } from "@uptime/domain/Job"
import type { Region } from "@uptime/domain/Region"
import { Effect, Either } from "effect"
import { type DeadReason, type Delivery, type EntryId, maxDeliveries, type StreamError } from "./CheckStream.ts"
import { chunks } from "./Chunks.ts"
import type { RedisConnection } from "./RedisConnection.ts"
import { setAside } from "./RedisConsumerScripts.ts"
import { jobText, type RawEntry } from "./RedisReply.ts"
import { evaluate } from "./RedisScript.ts"
import { deadKey, maxDead } from "./StreamKeys.ts"

/** What entries that a consumer was handed are. */
export interface Intake {
  /** Jobs to run. */
  readonly deliveries: ReadonlyArray<Delivery>
  /** Jobs that were handed out too often, set aside by now. */
  readonly dead: ReadonlyArray<Delivery>
}

/** The most entries that one command sets aside. */
const maxAside = 100
/** The most of an entry that is no job, and of what is said about an entry, that is kept, in UTF-16 code units. */
const maxText = 10_000
const maxDetail = 500

/** An entry to set aside; `text` is what the `job` field will hold. */
interface Aside {
  readonly id: EntryId
  readonly text: string
  readonly deliveries: number
  readonly detail: string
}

/** Tells entries that are jobs from those that are none, and sets the latter aside. */
export const make = (commands: RedisConnection, key: string, region: Region) => {
  const keys = [key, deadKey(key, region)]

  const putAside = (entries: ReadonlyArray<Aside>, reason: DeadReason): Effect.Effect<void, StreamError> =>
    Effect.forEach(
      chunks(entries, maxAside),
      (chunk) => {
        const args = chunk.flatMap(({ deliveries, detail, id, text }) => [
          id,
          text.slice(0, maxText),
          deliveries,
          detail.slice(0, maxDetail),
        ])
        return commands.run("set aside", (redis) => evaluate(redis, setAside, keys, [region, maxDead, reason, ...args]))
      },
      { discard: true },
    )

  const putAsideLoudly = (entries: ReadonlyArray<Aside>, reason: DeadReason) =>
    entries.length === 0
      ? Effect.void
      : Effect.zipRight(
          putAside(entries, reason),
          Effect.logWarning(`Set ${entries.length} entries of ${region} aside as ${reason}: ${entries[0]?.detail}`),
        )

  return {
    /** Sets jobs aside, those that are still pending. */
    setAside: (deliveries: ReadonlyArray<Delivery>, reason: DeadReason, detail: string) =>
      putAside(
        deliveries.map((delivery) => aside(delivery, detail)),
        reason,
      ),

    /** The jobs among entries that are pending on the consumer; whatever else is among them is set aside. */
    take: Effect.fnUntraced(function* (entries: ReadonlyArray<RawEntry>) {
      const deliveries: Array<Delivery> = []
      const dead: Array<Delivery> = []
      const malformed: Array<Aside> = []
      const version: Array<Aside> = []
      for (const entry of entries) {
        const text = jobText(entry)
        const job = text === null ? null : decodeJob(text)
        if (job !== null && Either.isRight(job)) {
          const delivery = { id: entry.id, job: job.right, deliveries: entry.deliveries }
          if (entry.deliveries > maxDeliveries) dead.push(delivery)
          else deliveries.push(delivery)
        } else {
          const list = job?.left.reason === "version" ? version : malformed
          list.push({
            id: entry.id,
            text: text ?? JSON.stringify(entry.fields),
            deliveries: entry.deliveries,
            detail: job?.left.message ?? "the entry has other fields than the one of a job",
          })
        }
      }
      yield* putAsideLoudly(malformed, "malformed")
      yield* putAsideLoudly(version, "version")
      yield* putAsideLoudly(
        dead.map((delivery) => aside(delivery, `handed out ${delivery.deliveries - 1} times, never acknowledged`)),
        "deliveries",
      )
      const intake: Intake = { deliveries, dead }
      return intake
    }),
  }
}

const aside = ({ deliveries, id, job }: Delivery, detail: string): Aside => ({
  id,
  text: encodeJob(job),
  deliveries,
  detail,
})
