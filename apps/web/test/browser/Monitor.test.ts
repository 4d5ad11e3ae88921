import { assert, describe, expect, it } from "@effect/vitest"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { Effect, Runtime } from "effect"
import { assertAccessible } from "./Accessible.ts"
import { browser, dashboard, visitor } from "./Dashboard.ts"
import { problemsOf, signUp } from "./Visit.ts"

/** What reaches beyond the window's right side, as its opening tags. */
const widerThanWindow = `document.documentElement.scrollWidth <= window.innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > window.innerWidth)
  .map((element) => element.cloneNode(false).outerHTML)`

/** How long the page may take to show what happened. */
const soon = { timeout: 30_000 }

describe("a monitor in a browser", () => {
  it.live(
    "shows how it is and was, changes by itself when it goes down, and says what was seen",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser)
        const run = Runtime.runPromise(yield* Effect.runtime<never>())
        yield* Effect.promise(async () => {
          await signUp(context, url)
          const created = await context.request.post(`${url}/api/monitor`, {
            headers: { origin: url },
            data: {
              url: `${farm.url}/shop`,
              name: '"><script>alert(1)</script>',
              intervalSeconds: 10,
              tags: ["shop"],
              confirmation: { failures: 1, successes: 1, retrySeconds: 10 },
            },
          })
          const { id } = await created.json()
          const page = await context.newPage()
          const problems = problemsOf(page)
          let loads = 0
          page.on("load", () => loads++)
          await page.goto(`${url}/monitors/${id}`)
          await page.getByRole("heading", { name: '"><script>alert(1)</script>' }).waitFor()
          await page.getByRole("row", { name: /^USA Up .* HTTP 200$/ }).waitFor(soon)
          const chart = page.getByRole("group", { name: "Response times by region" })
          await chart.locator("canvas").waitFor()
          await page.getByRole("grid", { name: /Uptime by day/ }).waitFor()
          await assertAccessible(page, "a monitor that is up")

          await chart.focus()
          await page.keyboard.press("+")
          await page.waitForURL(/from=.*to=/)
          await page.keyboard.press("ArrowLeft")
          await page.getByText("No checks in this range.").waitFor()
          await page.getByRole("button", { name: "7 d" }).click()
          await page.waitForURL(/range=7d/)
          await page.getByRole("button", { name: "24 h" }).click()
          await page.getByRole("button", { name: "Show as table" }).click()
          await page
            .getByRole("table", { name: /Response times/ })
            .getByRole("cell", { name: / ms$/ })
            .first()
            .waitFor()
          await page.getByRole("button", { name: "By phase" }).click()
          await page.waitForURL(/view=phases/)
          await page.getByRole("columnheader", { name: "First byte" }).waitFor()
          await page.getByRole("button", { name: "Show as chart" }).click()
          await page.getByRole("button", { name: "By region" }).click()

          await page.locator('[role=gridcell][tabindex="0"]').focus()
          await page.keyboard.press("ArrowLeft")
          const aWeekAgo = new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10)
          assert.strictEqual(await page.locator(":focus").getAttribute("data-day"), aWeekAgo)

          await page.getByRole("button", { name: "Test now" }).click()
          await page.getByText("Nothing of this is stored.").waitFor(soon)
          await assertAccessible(page, "a test of a monitor")
          await page.getByRole("button", { name: "Close" }).click()

          await run(farm.answer("/shop", { _tag: "Status", status: 503 }))
          await page.getByText("Nobody has acknowledged it yet.").waitFor(soon)
          await page
            .getByRole("tabpanel", { name: "Outages" })
            .getByRole("cell", { name: /goes on/ })
            .waitFor()
          await page.getByRole("tab", { name: "Down", exact: true }).click()
          const details = page.getByRole("button", { name: /^Details/ }).first()
          await details.click()
          const dialog = page.getByRole("dialog", { name: /^Check from/ })
          await dialog.getByText(/503/).first().waitFor()
          await dialog.getByText("First byte").waitFor()
          await assertAccessible(page, "what was seen at a check")
          await page.keyboard.press("Escape")
          assert.match((await page.locator(":focus").textContent()) ?? "", /^Details/)
          await page.setViewportSize({ width: 390, height: 844 })
          // The chart follows the window a frame later.
          await expect
            .poll(() => page.evaluate<ReadonlyArray<string>>(widerThanWindow), { timeout: 5000 })
            .toStrictEqual([])

          await page.getByRole("button", { name: "Pause" }).click()
          await page.getByRole("button", { name: "Resume" }).waitFor()
          assert.strictEqual(loads, 1, "no page was loaded anew")
          assert.deepStrictEqual(problems, [])
        })
      }).pipe(Effect.scoped),
    180_000,
  )
})
