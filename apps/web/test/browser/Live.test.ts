import { assert, describe, it } from "@effect/vitest"
import { targetFarm } from "@uptime/testing/TargetFarm"
import * as TcpProxy from "@uptime/testing/TcpProxy"
import { Effect, Exit, Runtime, Scope } from "effect"
import type { BrowserContext, Page } from "playwright-core"
import { browser, dashboard, dataFolder, startDashboard, visitor } from "./Dashboard.ts"
import { post, problemsOf, signUp } from "./Visit.ts"

/** A monitor that is checked once, so that no event comes but for what a test does. */
const add = (context: BrowserContext, url: string, farm: string, name: string) =>
  post(context, url, "/api/monitor", { url: `${farm}/${name}`, name, intervalSeconds: 86_400 })

interface Listed {
  readonly items: ReadonlyArray<{ readonly id: string; readonly name: string }>
}

const idOf = async (context: BrowserContext, url: string, name: string): Promise<string> => {
  const answer = await context.request.get(`${url}/api/monitor`)
  assert.isTrue(answer.ok(), await answer.text())
  const listed: Listed = await answer.json()
  return listed.items.find((monitor) => monitor.name === name)?.id ?? ""
}

const remove = async (context: BrowserContext, url: string, name: string): Promise<void> => {
  const id = await idOf(context, url, name)
  const answer = await context.request.delete(`${url}/api/monitor/${id}`, {
    headers: { origin: url, "content-type": "application/json" },
  })
  assert.isTrue(answer.ok(), await answer.text())
}

/** What the page says about how it learns of news. */
const says = (page: Page, words: string) => page.getByRole("status").getByText(words, { exact: true }).waitFor()

describe("news in a browser", () => {
  it.live(
    "go on after the connection was cut, with what happened meanwhile",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const proxy = yield* TcpProxy.make(Number(new URL(url).port))
        const context = yield* visitor(yield* browser)
        const run = Runtime.runPromise(yield* Effect.runtime<never>())
        const away = Effect.zipRight(proxy.blackHole, proxy.cut)
        const back = Effect.zipRight(proxy.heal, proxy.cut)
        yield* Effect.promise(async () => {
          await signUp(context, url)
          for (const name of ["Alpha", "Beta"]) await add(context, url, farm.url, name)
          const page = await context.newPage()
          const problems = problemsOf(page)
          let loads = 0
          page.on("load", () => loads++)
          await page.goto(`http://127.0.0.1:${proxy.port}`)
          await page.getByRole("heading", { name: "All 2 monitors are up" }).waitFor({ timeout: 20_000 })
          // Opened anew, nothing has been told yet that it could go on after.
          await page.reload()
          await says(page, "Live")
          await page.getByRole("link", { name: "Beta" }).waitFor()

          await run(away)
          await says(page, "Connecting …")
          assert.isTrue(await page.getByRole("link", { name: "Alpha" }).isVisible(), "what is known stays")
          await remove(context, url, "Beta")
          await run(back)
          await says(page, "Live")
          await page.getByRole("link", { name: "Beta" }).waitFor({ state: "detached" })

          await add(context, url, farm.url, "Gamma")
          await page.getByRole("link", { name: "Gamma" }).waitFor()
          await page.getByRole("heading", { name: "All 2 monitors are up" }).waitFor({ timeout: 20_000 })
          await run(away)
          await says(page, "Connecting …")
          await remove(context, url, "Gamma")
          await add(context, url, farm.url, "status/503/Delta")
          await says(page, "Every 10 s")
          await run(back)
          await says(page, "Live")
          await page.getByRole("link", { name: "status/503/Delta" }).waitFor()
          await page.getByRole("link", { name: "Gamma" }).waitFor({ state: "detached" })
          assert.strictEqual(loads, 2, "no page was loaded anew")
          assert.deepStrictEqual(problems, [])
        })
      }).pipe(Effect.scoped),
    120_000,
  )

  it.live(
    "go on after the app was started anew",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const folder = yield* dataFolder
        const life = yield* Scope.make()
        const { url } = yield* Scope.extend(startDashboard({ DATA_DIR: folder }), life)
        const context = yield* visitor(yield* browser)
        const page = yield* Effect.promise(async () => {
          await signUp(context, url)
          for (const name of ["Alpha", "Beta"]) await add(context, url, farm.url, name)
          const opened = await context.newPage()
          await opened.goto(url)
          await opened.getByRole("heading", { name: "All 2 monitors are up" }).waitFor({ timeout: 20_000 })
          await says(opened, "Live")
          return opened
        })
        let loads = 0
        page.on("load", () => loads++)
        yield* Scope.close(life, Exit.void)
        yield* Effect.promise(() => says(page, "Connecting …"))
        yield* startDashboard({ DATA_DIR: folder, PORT: new URL(url).port })
        yield* Effect.promise(async () => {
          await remove(context, url, "Beta")
          await says(page, "Live")
          await page.getByRole("link", { name: "Beta" }).waitFor({ state: "detached" })
          await add(context, url, farm.url, "Gamma")
          await page.getByRole("link", { name: "Gamma" }).waitFor()
          assert.strictEqual(loads, 0, "no page was loaded anew")
        })
      }).pipe(Effect.scoped),
    120_000,
  )

  it.live(
    "come every ten seconds where there is no stream of them",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser)
        yield* Effect.promise(async () => {
          await signUp(context, url)
          for (const name of ["Alpha", "Beta"]) await add(context, url, farm.url, name)
          const page = await context.newPage()
          let loads = 0
          page.on("load", () => loads++)
          await page.route("**/api/events*", (route) => route.abort())
          await page.goto(url)
          await says(page, "Every 10 s")
          await page.getByRole("heading", { name: "All 2 monitors are up" }).waitFor({ timeout: 30_000 })
          await remove(context, url, "Beta")
          await add(context, url, farm.url, "Gamma")
          await page.getByRole("link", { name: "Gamma" }).waitFor({ timeout: 30_000 })
          await page.getByRole("link", { name: "Beta" }).waitFor({ state: "detached" })

          await page.unroute("**/api/events*")
          await says(page, "Live")
          assert.strictEqual(loads, 1, "no page was loaded anew")
        })
      }).pipe(Effect.scoped),
    120_000,
  )
})
