import { Effect } from "effect"
import { streamKey } from "./Apps.ts"
import type { RedisControl } from "./RedisControl.ts"
import type { World } from "./World.ts"

const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

/** A consumer of a region's group, as Redis knows it. */
export interface ConsumerState {
  readonly name: string
  /** Entries handed to it and not acknowledged. */
  readonly pending: number
}

/** The consumers of a region's group; none where there is no group. */
export const consumers = (control: RedisControl, region: string): Effect.Effect<ReadonlyArray<ConsumerState>> =>
  control.call("xinfo", "CONSUMERS", streamKey, region).pipe(
    Effect.map((rows) =>
      list(rows).map((row) => {
        const fields = list(row)
        const field = (name: string) => fields[fields.indexOf(name) + 1]
        return { name: String(field("name")), pending: Number(field("pending")) }
      }),
    ),
    Effect.orElseSucceed(() => []),
  )

/** How many entries a process holds, or held when it died: its consumer's name has its process id in it. */
export const pendingOf = ({ control, regions }: World, pid: number): Effect.Effect<number> =>
  Effect.map(
    Effect.forEach(regions, (region) => consumers(control, region)),
    (groups) =>
      groups
        .flat()
        .filter(({ name }) => name.split("-").at(-2) === String(pid))
        .reduce((sum, { pending }) => sum + pending, 0),
  )
