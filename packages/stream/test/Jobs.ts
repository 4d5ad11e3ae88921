import { MonitorId } from "@uptime/domain/Ids"
import { type Job, jobVersion } from "@uptime/domain/Job"
import { Region } from "@uptime/domain/Region"

export const usa = Region.make("USA")
export const india = Region.make("India")

/** The job number `n`. */
export const job = (n: number): Job => ({
  v: jobVersion,
  monitorId: MonitorId.make(`00000000-0000-4000-8000-${String(n).padStart(12, "0")}`),
  slot: 1_700_000_000_000 + n,
  deadline: 1_700_000_120_000 + n,
  configVersion: 1,
  spec: { kind: "http", url: `https://example.com/${n}`, timeoutMs: 10_000 },
})

/** The jobs number `from` to `to`, both among them. */
export const jobs = (from: number, to: number): ReadonlyArray<Job> =>
  Array.from({ length: to - from + 1 }, (_, i) => job(from + i))

/** The number of a job. */
export const numberOf = ({ job: { slot } }: { readonly job: Job }): number => slot - 1_700_000_000_000
