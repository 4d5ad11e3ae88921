import { assert, describe, it } from "@effect/vitest"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { Effect } from "effect"
import { assertAccessible } from "./Accessible.ts"
import { browser, dashboard, visitor } from "./Dashboard.ts"
import { problemsOf, signUp } from "./Visit.ts"

describe("the forms of monitors in a browser", () => {
  it.live(
    "lead to a monitor, tell of what is wrong where it is, show a run before saving, and keep secrets to themselves",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser)
        yield* Effect.promise(async () => {
          await signUp(context, url)
          const page = await context.newPage()
          const problems = problemsOf(page)
          const focused = () => page.locator(":focus").getAttribute("name")
          const section = (name: string) => page.locator("summary").filter({ hasText: name })

          await page.goto(`${url}/monitors/new`)
          await page.getByLabel("URL", { exact: true }).fill("icmp://example.com")
          assert.isTrue(await page.getByRole("radio", { name: "Ping" }).isChecked())
          await page.getByRole("radio", { name: "Ping" }).press("ArrowRight")
          assert.strictEqual(await page.getByLabel("URL", { exact: true }).inputValue(), "tcp://example.com")
          await page.getByLabel("URL", { exact: true }).fill(`${farm.url}/shop`)
          assert.isTrue(await page.getByRole("radio", { name: "Website or API" }).isChecked())
          await page.getByLabel("Name", { exact: true }).fill("Shop")

          await section("Conditions").click()
          await page.getByRole("button", { name: "Add condition" }).click()
          const condition = page.getByRole("combobox", { name: "Condition 1", exact: true })
          await condition.pressSequentially("[stat")
          await page.getByRole("option", { name: /\[STATUS\]/ }).waitFor()
          await assertAccessible(page, "a condition that is being completed")
          await page.keyboard.press("Enter")
          await page.keyboard.type("= 200")
          await page.getByText(/^at character 10: expected one of/).waitFor()
          await assertAccessible(page, "a condition with a mistake in it")
          await page.getByRole("button", { name: "Add monitor" }).click()
          assert.strictEqual(await focused(), "conditions.0.condition")
          await condition.fill("[STATUS] == 204")

          await section("Request").click()
          await page.getByLabel("Authentication").selectOption("Token (Bearer)")
          await page.getByLabel("Token", { exact: true }).fill("very secret")
          await page.getByRole("button", { name: "Add header", exact: true }).click()
          await page.keyboard.type("not a name")
          await page.getByLabel("Header value").fill("1")
          await section("Request").click()
          await page.getByRole("button", { name: "Add monitor" }).click()
          await page.getByText("a header's name is 1 to 100 letters").waitFor()
          assert.strictEqual(await focused(), "http.headers.0.name")
          await page.getByLabel("Header name").fill("x-probe")
          await assertAccessible(page, "a form with all that a request may have")

          await page.getByRole("button", { name: "Try it" }).click()
          await page.getByRole("heading", { name: "USA" }).waitFor({ timeout: 20_000 })
          await page.getByText("Nothing of this is stored.").waitFor()
          await page.getByLabel("What the last check saw").getByText("USA failed").waitFor()
          await assertAccessible(page, "a test run")
          await condition.fill("[STATUS] == 200")
          await page.keyboard.press("Escape")
          await page.keyboard.press("Control+Enter")
          await page.getByRole("heading", { name: "Shop" }).waitFor()
          const id = /monitors\/([\w-]+)$/.exec(page.url())?.[1] ?? ""
          const stored = await context.request.get(`${url}/api/monitor/${id}`)
          assert.deepInclude(await stored.json(), {
            name: "Shop",
            conditions: [{ condition: "[STATUS] == 200", severity: "Down" }],
            http: { auth: { type: "bearer", token: "********" }, headers: [{ name: "x-probe", value: "1" }] },
          })

          await page.goto(`${url}/monitors/${id}/edit`)
          await section("Request").click()
          assert.strictEqual(await page.getByLabel("Token", { exact: true }).inputValue(), "Kept as it is")
          await page.getByLabel("Name", { exact: true }).fill('"><script>alert(1)</script>')
          await page.getByRole("link", { name: "Cancel" }).click()
          await page.getByRole("dialog", { name: "Leave without saving?" }).waitFor()
          await assertAccessible(page, "a form that would be left")
          await page.getByRole("button", { name: "Stay" }).click()
          await page.getByRole("button", { name: "Save" }).click()
          await page.getByRole("heading", { name: '"><script>alert(1)</script>' }).waitFor()

          await page.goto(`${url}/monitors/new?from=${id}`)
          await page.getByRole("heading", { name: /^Copy of / }).waitFor()
          await page.getByRole("button", { name: "Add monitor" }).click()
          assert.strictEqual(await focused(), "http.auth.token")
          await assertAccessible(page, "a copy whose secret is missing")
          assert.deepStrictEqual(problems, [])
        })
      }).pipe(Effect.scoped),
    120_000,
  )

  it.live(
    "lead from a heartbeat to its first ping",
    () =>
      Effect.gen(function* () {
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser, { viewport: { width: 390, height: 844 } })
        yield* Effect.promise(async () => {
          await signUp(context, url)
          const page = await context.newPage()
          await page.goto(`${url}/monitors/new`)
          await page.getByRole("radio", { name: "Heartbeat" }).check()
          await page.getByLabel("Name", { exact: true }).fill("Backup")
          await page.getByRole("radio", { name: "By the clock (cron)" }).check()
          await page.getByLabel("Cron expression").fill("every night")
          await page.getByRole("button", { name: "Add monitor" }).click()
          await page.getByText("a cron expression of five fields").waitFor()
          await assertAccessible(page, "a heartbeat with a wrong cron expression")
          await page.getByLabel("Cron expression").fill("0 3 * * *")
          await page.keyboard.press("Enter")
          await page.getByText("Waiting for the first ping …").waitFor()
          await assertAccessible(page, "where a heartbeat is pinged")
          const shown = page.getByRole("region", { name: "Ping URL" })
          const first = (await shown.textContent()) ?? ""
          assert.strictEqual((await context.request.get(first)).status(), 200)
          await page.getByText(/The last ping came/).waitFor({ timeout: 10_000 })
          await page.getByRole("button", { name: "New addresses …" }).click()
          await page.getByRole("dialog", { name: "New addresses?" }).waitFor()
          await assertAccessible(page, "new addresses")
          await page.getByRole("button", { name: "Make new ones" }).click()
          await page.getByText("The addresses are new").waitFor()
          assert.notStrictEqual(await shown.textContent(), first)
          assert.strictEqual((await context.request.get(first)).status(), 404)
          await page.getByRole("button", { name: "Keep known ones …" }).click()
          await page
            .getByLabel("Push URL or token of Uptime Kuma")
            .fill("https://kuma.example.com/api/push/short?status=up")
          await page.getByRole("button", { name: "Keep these" }).click()
          await page.getByText("must be 10 to 64 letters, digits, - or _").waitFor()
          await assertAccessible(page, "addresses that a job knows")
          await page.getByLabel("Push URL or token of Uptime Kuma").fill("https://kuma.example.com/api/push/q1W2e3R4t5")
          await page.getByRole("button", { name: "Keep these" }).click()
          await page.getByText("Your job can call the addresses it knows").waitFor()
          assert.strictEqual((await context.request.put(`${url}/api/push/q1W2e3R4t5?status=up`)).status(), 200)
        })
      }).pipe(Effect.scoped),
    120_000,
  )
})
