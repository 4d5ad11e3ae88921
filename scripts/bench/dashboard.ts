import { Console, Duration, Effect } from "effect"
import { browser } from "../../apps/web/test/browser/Dashboard.ts"
import { copyResultsBack } from "../../packages/testing/src/OlderResults.ts"
import { startPostgres } from "../../packages/testing/src/Servers.ts"
import { call, inFolder, signUp, start, until } from "./app.mjs"
import { figuresOf } from "./dashboardFigures.ts"
import { measure } from "./dashboardRounds.ts"
import type { Figure } from "./figure.ts"
import type { Section, SectionOptions } from "./section.ts"
import { startTarget } from "./target.mjs"

/** The most monitors of one call. */
const perCall = 1_000

/** One in so many is down. */
const downEach = 100

/** So that what is measured is the dashboard and not the checking: the longest there is, in seconds. */
const intervalSeconds = 86_400

/** How long the first checks of all monitors may take, in milliseconds. */
const checksMs = 600_000

/** A bar of the list shows forty checks: the real one, and as many copies of it. */
const history = { count: 39, apart: Duration.minutes(3) }

const services = ["Checkout", "Search", "Login", "Payments", "Images", "Orders", "Mail", "Reports"]
const places = ["Frankfurt", "Virginia", "Mumbai", "Tokyo", "São Paulo"]
const tags = ["shop", "internal", "critical", "partner", "legacy", "mobile", "billing", "eu"]

const monitor = (target: string, n: number) => ({
  url: `${target}/${n % downEach === 0 ? "down" : "up"}/${n}`,
  name: `${services[n % services.length]} ${Math.ceil(n / services.length)} ${places[n % places.length]}`,
  tags: [tags[n % tags.length], tags[(n >> 3) % tags.length]].filter((tag, at, all) => all.indexOf(tag) === at),
  group: n % 7 === 0 ? null : `Team ${n % 25}`,
  intervalSeconds,
})

const inBulk = async (url: string, token: string, operations: ReadonlyArray<unknown>): Promise<void> => {
  for (let from = 0; from < operations.length; from += perCall) {
    await call(`${url}/api/monitor/bulk`, { token, body: { operations: operations.slice(from, from + perCall) } })
  }
}

const addMonitors = (url: string, token: string, target: string, monitors: number): Promise<void> =>
  inBulk(
    url,
    token,
    Array.from({ length: monitors }, (_, n) => ({ action: "create", monitor: monitor(target, n) })),
  )

interface Summary {
  readonly id: string
  readonly status: string
  readonly regions: ReadonlyArray<{ readonly status: string }>
}

/** Waits until every monitor has been found up or down from both regions. */
const awaitChecks = (url: string, token: string, monitors: number): Promise<true> =>
  until(
    "the first checks of all monitors",
    async () => {
      const { items }: { readonly items: ReadonlyArray<Summary> } = await call(`${url}/api/monitor/summaries`, {
        token,
      })
      const isChecked = ({ regions, status }: Summary) => regions.length === 2 && status !== "Unknown"
      const checked = items.filter(isChecked).length
      if (checked === monitors) return true
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      return undefined
    },
    checksMs,
  )

const checkEveryMinute = async (url: string, token: string): Promise<void> => {
  const { items }: { readonly items: ReadonlyArray<Summary> } = await call(`${url}/api/monitor/summaries`, { token })
  await inBulk(
    url,
    token,
    items.map(({ id }) => ({ action: "edit", id, monitor: { intervalSeconds: 60 } })),
  )
}

const run = Effect.fnUntraced(function* ({ quick, rounds }: SectionOptions) {
  const monitors = quick ? 500 : 10_000
  const postgres = yield* startPostgres()
  const open = yield* browser
  let figures: ReadonlyArray<Figure> = []
  yield* Effect.tryPromise(() =>
    inFolder(async (dataDir) => {
      const target = await startTarget()
      const app = await start(dataDir, { DATABASE_URL: postgres.url })
      try {
        const token = await signUp(app.url)
        await addMonitors(app.url, token, target.url, monitors)
        await awaitChecks(app.url, token, monitors)
        await Effect.runPromise(copyResultsBack(postgres.url, history))
        await Effect.runPromise(Console.error(`${monitors.toLocaleString("en")} monitors are checked`))
        figures = figuresOf(
          await measure({
            open,
            url: app.url,
            token,
            rounds,
            checkEveryMinute: () => checkEveryMinute(app.url, token),
          }),
        )
      } finally {
        await app.stop()
        target.close()
      }
    }),
  )
  return figures
}, Effect.scoped)

/**
 * What the built dashboard takes in a real browser with ten thousand monitors that have been checked from both regions.
 */
export const dashboard: Section = { name: "dashboard", run }
