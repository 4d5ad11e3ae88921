import { assert, describe, it } from "@effect/vitest"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { Effect } from "effect"
import { assertAccessible } from "./Accessible.ts"
import { browser, dashboard, visitor } from "./Dashboard.ts"
import { problemsOf } from "./Visit.ts"

describe("the dashboard in a browser", () => {
  it.live(
    "leads from nothing to the first check of a site, without a reload, and is accessible all the way",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser)
        yield* Effect.promise(async () => {
          const page = await context.newPage()
          const problems = problemsOf(page)
          let loads = 0
          page.on("load", () => loads++)

          await page.goto(`${url}/incidents-that-nobody-has`)
          await page.getByRole("heading", { name: "There is nothing here" }).waitFor()
          await assertAccessible(page, "an address that leads nowhere")

          await page.goto(url)
          await page.getByRole("heading", { name: "Log in" }).waitFor()
          await assertAccessible(page, "log in")
          await page.getByRole("link", { name: "Sign up" }).click()
          await page.getByLabel("Name").fill('"><script>alert(1)</script>')
          await page.getByLabel("Email").fill("Ada@Example.com")
          await page.getByLabel("Password").fill("short")
          await page.getByRole("button", { name: "Create account" }).click()
          assert.isTrue(await page.getByRole("heading", { name: "Create your account" }).isVisible())
          await page.getByLabel("Password").fill("a long enough sentence")
          await assertAccessible(page, "sign up")
          await page.getByRole("button", { name: "Create account" }).click()

          await page.getByRole("heading", { name: "What shall we watch?" }).waitFor()
          assert.isTrue(await page.getByText('"><script>alert(1)</script>').isVisible())
          await assertAccessible(page, "first run")
          await page.getByLabel("URL").fill("not a host")
          await page.getByRole("button", { name: "Start watching" }).click()
          await page.getByRole("alert").waitFor()
          await assertAccessible(page, "first run with a refused URL")
          await page.getByLabel("URL").fill(`${farm.url}/site`)
          const loadsBefore = loads
          await page.getByRole("button", { name: "Start watching" }).click()
          await page.getByRole("heading", { name: "The first check is in" }).waitFor({ timeout: 15_000 })
          await assertAccessible(page, "first check")
          await page.getByRole("button", { name: "To the list" }).click()
          await page.getByRole("heading", { name: "Your monitor is up" }).waitFor({ timeout: 15_000 })
          await assertAccessible(page, "list")
          await page.getByRole("link", { name: "127.0.0.1" }).click()
          await page.getByRole("heading", { name: "Results" }).waitFor()
          await page.getByRole("cell", { name: "USA" }).first().waitFor()
          await assertAccessible(page, "monitor")
          assert.strictEqual(loads, loadsBefore, "no page was loaded anew")
          assert.deepStrictEqual(problems, [])
        })
      }).pipe(Effect.scoped),
    180_000,
  )
})
