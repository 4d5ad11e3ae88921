import type { Answer } from "../../api/call.ts"

/** Where a heartbeat is pinged. */
type Addresses = Pick<Answer<"heartbeats", "get">, "pingUrl" | "pushUrl">

/** How a job pings, for who writes it. */
interface PingExample {
  readonly title: string
  readonly text: string
}

/** When a cron line runs that stands for a heartbeat of these options. */
const usualTime = "0 3 * * *"

/**
 * How jobs ping a heartbeat, as text to be copied. Shells see addresses in single quotes, of which they have none.
 *
 * @param cron the cron expression by which the heartbeat is expected, if it is
 */
export const pingExamples = ({ pingUrl, pushUrl }: Addresses, cron: string = usualTime): ReadonlyArray<PingExample> => [
  {
    title: "Cron",
    text: `${cron} /usr/local/bin/backup && curl -fsS -m 10 --retry 5 -o /dev/null '${pingUrl}'`,
  },
  {
    title: "Shell: start, end and exit code",
    text: [
      `curl -fsS -m 10 --retry 5 -o /dev/null '${pingUrl}/start'`,
      "/usr/local/bin/backup",
      `curl -fsS -m 10 --retry 5 -o /dev/null '${pingUrl}'/$?`,
    ].join("\n"),
  },
  {
    title: "Shell: with the end of the log",
    text: `/usr/local/bin/backup 2>&1 | tail -c 10000 | curl -fsS -m 10 --retry 5 --data-binary @- -o /dev/null '${pingUrl}'`,
  },
  {
    title: "Uptime Kuma's form",
    text: `curl -fsS -m 10 --retry 5 -o /dev/null '${pushUrl}?status=up&msg=OK&ping=120'`,
  },
]
