import { assert, describe, it } from "@effect/vitest"
import { type TargetFarm, targetFarm } from "@uptime/testing/TargetFarm"
import { Effect, Runtime } from "effect"
import type { BrowserContext, Page } from "playwright-core"
import { assertAccessible } from "./Accessible.ts"
import { browser, dashboard, visitor } from "./Dashboard.ts"
import { problemsOf } from "./Visit.ts"

/** How long the dashboard may take to show what happened: two rounds of checks, and what is told of them. */
const soon = { timeout: 30_000 }

interface Story {
  readonly context: BrowserContext
  readonly page: Page
  readonly url: string
  readonly farm: TargetFarm
  /** Lets the target answer with a status from now on. */
  readonly answer: (status: number) => Promise<unknown>
  /** How often a page was loaded. */
  readonly loads: () => number
}

/** Plays a story in a browser of its own, against an app of its own and a target at `/shop`. */
const played = (story: (given: Story) => Promise<void>) =>
  Effect.gen(function* () {
    const farm = yield* targetFarm
    const { url } = yield* dashboard
    const context = yield* visitor(yield* browser)
    const run = Runtime.runPromise(yield* Effect.runtime<never>())
    yield* Effect.promise(async () => {
      const page = await context.newPage()
      const problems = problemsOf(page)
      let loads = 0
      page.on("load", () => loads++)
      await page.goto(`${url}/signup`)
      await story({
        context,
        page,
        url,
        farm,
        answer: (status) => run(farm.answer("/shop", { _tag: "Status", status })),
        loads: () => loads,
      })
      assert.deepStrictEqual(problems, [])
    })
  }).pipe(Effect.scoped)

/** Lets the only monitor be checked every ten seconds and be believed at once: what people wait for, tests need not. */
const hurry = async ({ context, url }: Story): Promise<void> => {
  const listed = await context.request.get(`${url}/api/monitor`)
  const { items } = await listed.json()
  const edited = await context.request.put(`${url}/api/monitor/${items[0].id}`, {
    headers: { origin: url },
    data: { intervalSeconds: 10, confirmation: { failures: 1, successes: 1, retrySeconds: 10 } },
  })
  assert.strictEqual(edited.status(), 200, await edited.text())
}

/** The most presses of Tab that lead anywhere. */
const mostTabs = 40

/** Goes on by Tab until what has the focus says a text. */
const tabTo = async (page: Page, text: string): Promise<void> => {
  for (let tabs = 0; tabs < mostTabs; tabs++) {
    await page.keyboard.press("Tab")
    if ((await page.locator(":focus").allTextContents()).join("").includes(text)) return
  }
  assert.fail(`Tab does not lead to “${text}”`)
}

describe("an incident in a browser", () => {
  it.live(
    "is seen from the first check to the end of it without a reload: up, down, acknowledged, recovered",
    () =>
      played(async (story) => {
        const { answer, farm, loads, page } = story
        await page.getByLabel("Name").fill("Ada")
        await page.getByLabel("Email").fill("ada@example.com")
        await page.getByLabel("Password").fill("a long enough sentence")
        await page.getByRole("button", { name: "Create account" }).click()
        await page.getByLabel("URL").fill(`${farm.url}/shop`)
        await page.getByRole("button", { name: "Start watching" }).click()
        await page.getByRole("heading", { name: "The first check is in" }).waitFor(soon)
        await hurry(story)
        await page.getByRole("button", { name: "To the list" }).click()
        await page.getByRole("heading", { name: "Your monitor is up" }).waitFor(soon)
        await page.getByRole("link", { name: "127.0.0.1" }).click()
        await page.getByRole("row", { name: /^USA Up .* HTTP 200$/ }).waitFor(soon)

        await answer(503)
        await page.getByText("Nobody has acknowledged it yet.").waitFor(soon)
        await page
          .getByRole("row", { name: /^USA Down .*503/ })
          .first()
          .waitFor(soon)
        await page.locator(".notices").getByRole("link").click()
        await page.getByRole("button", { name: "Acknowledge" }).waitFor()
        await assertAccessible(page, "an incident that is open")
        await page.getByRole("button", { name: "Acknowledge" }).click()
        await page.getByRole("button", { name: "Acknowledge" }).waitFor({ state: "detached" })
        await page.goBack()
        await page.getByText(/Acknowledged by Ada/).waitFor(soon)

        await answer(200)
        await page.getByText(/Acknowledged by Ada/).waitFor({ state: "detached", ...soon })
        await page.getByRole("row", { name: /^USA Up .* HTTP 200$/ }).waitFor(soon)
        await page.getByRole("tab", { name: "Incidents" }).click()
        await page.getByRole("tabpanel", { name: "Incidents" }).getByRole("link").click()
        await page.getByText("Resolved", { exact: true }).first().waitFor(soon)
        await assertAccessible(page, "an incident that is over")
        assert.strictEqual(loads(), 1, "no page was loaded anew")
      }),
    180_000,
  )

  it.live(
    "is found, acknowledged and seen to its end by keyboard alone",
    () =>
      played(async (story) => {
        const { answer, farm, loads, page } = story
        const { keyboard } = page
        await page.getByLabel("Name").waitFor()
        for (const text of ["Ada", "ada@example.com", "a long enough sentence"]) {
          await keyboard.type(text)
          await keyboard.press("Tab")
        }
        await keyboard.press("Enter")
        await page.getByRole("heading", { name: "What shall we watch?" }).waitFor(soon)
        await keyboard.type(`${farm.url}/shop`)
        await keyboard.press("Enter")
        await page.getByRole("heading", { name: "The first check is in" }).waitFor(soon)
        await hurry(story)
        await tabTo(page, "To the list")
        await keyboard.press("Enter")
        await page.getByRole("heading", { name: "Your monitor is up" }).waitFor(soon)

        await answer(503)
        await page.getByRole("heading", { name: "1 of 1 monitors is down" }).waitFor(soon)
        await keyboard.press("g")
        await keyboard.press("i")
        await page.getByRole("heading", { name: "1 open incident" }).waitFor(soon)
        await tabTo(page, "is down")
        await keyboard.press("Enter")
        await page.getByRole("button", { name: "Acknowledge" }).waitFor()
        await keyboard.press("a")
        await page.getByRole("button", { name: "Acknowledge" }).waitFor({ state: "detached" })

        await answer(200)
        await page.getByText("Resolved", { exact: true }).first().waitFor(soon)
        await keyboard.press("g")
        await keyboard.press("m")
        await page.getByRole("heading", { name: "Your monitor is up" }).waitFor(soon)
        await tabTo(page, "127.0.0.1")
        await keyboard.press("Enter")
        await page.getByRole("row", { name: /^USA Up .* HTTP 200$/ }).waitFor(soon)
        assert.strictEqual(loads(), 1, "no page was loaded anew")
      }),
    180_000,
  )
})
