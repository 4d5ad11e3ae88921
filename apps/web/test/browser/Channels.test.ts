import { assert, describe, it } from "@effect/vitest"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { Effect, Runtime } from "effect"
import { assertAccessible } from "./Accessible.ts"
import { browser, dashboard, visitor } from "./Dashboard.ts"
import { problemsOf, signUp } from "./Visit.ts"

describe("channels in a browser", () => {
  it.live(
    "are added, tried, told of a failure, escalated and deleted, without a reload",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser)
        const run = Runtime.runPromise(yield* Effect.runtime<never>())
        yield* Effect.promise(async () => {
          await signUp(context, url)
          const page = await context.newPage()
          const problems = problemsOf(page)
          let loads = 0
          page.on("load", () => loads++)

          await page.goto(`${url}/channels`)
          await page.getByRole("heading", { name: "Nobody is told yet" }).waitFor()
          await assertAccessible(page, "no channels")
          await page.getByRole("button", { name: "Email ada@example.com" }).click()
          await page.getByRole("heading", { name: "Email", exact: true }).waitFor()
          await page.getByRole("definition").getByText("ada@example.com").waitFor()

          await page.keyboard.press("Control+k")
          await page.getByRole("combobox", { name: "Find a monitor or a command" }).fill("new chan")
          await page.keyboard.press("Enter")
          await page.getByRole("heading", { name: "Where shall messages go?" }).waitFor()
          await assertAccessible(page, "kinds of channels")
          await page.keyboard.type("json post")
          await page.getByRole("link", { name: /Slack/ }).waitFor({ state: "detached" })
          await page.keyboard.press("ArrowDown")
          await page.keyboard.press("Enter")
          await page.getByRole("heading", { name: "New channel: Webhook" }).waitFor()
          await page.getByLabel("URL").fill("not a URL")
          await page.getByRole("button", { name: "Add channel" }).click()
          await page.getByText("An address that begins with https:// or http://").waitFor()
          assert.strictEqual(await page.evaluate("document.activeElement.name"), "url")
          await assertAccessible(page, "a channel with a mistake")
          await page.getByLabel("URL").fill(`  ${farm.url}/hook `)
          await page.getByLabel("Signing secret (optional)").fill("whsec_s3cr3t")
          await page.getByRole("button", { name: "Add a secret header" }).click()
          await page.keyboard.type("Authorization")
          await page.keyboard.press("Tab")
          await page.keyboard.type("Bearer s3cr3t")
          await page.getByLabel("Name", { exact: true }).last().fill('"><script>alert(1)</script>')
          await page.getByLabel("Not in quiet hours").check()
          await page.getByLabel("From").fill("07:00")
          await page.getByLabel("Time zone").selectOption("Europe/Berlin")
          await page.getByRole("button", { name: "Add channel" }).click()
          await page.getByText("The two times must differ.").waitFor()
          await page.getByLabel("Not in quiet hours").uncheck()
          await page.getByRole("button", { name: "Add channel" }).click()

          await page.getByRole("heading", { name: "It is added. Does it arrive?" }).waitFor()
          await page.keyboard.press("Enter")
          await page.getByText("The receiver took it.").waitFor()
          await run(farm.answer("/hook", { _tag: "Status", status: 500 }))
          await page.getByRole("button", { name: "Send a test" }).click()
          await page.getByText("It was not delivered: status 500.").waitFor()
          assert.notInclude(await page.content(), "s3cr3t")
          await assertAccessible(page, "a channel")
          await run(farm.answer("/hook", { _tag: "Status", status: 200 }))
          const added = await context.request.post(`${url}/api/monitor`, {
            headers: { origin: url },
            data: {
              url: `${farm.url}/status/503/shop`,
              name: "Shop",
              confirmation: { failures: 1, successes: 1, retrySeconds: 10 },
            },
          })
          assert.strictEqual(added.status(), 201, await added.text())

          await page.getByRole("link", { name: "Edit" }).click()
          await page.getByRole("heading", { name: /^Edit/ }).waitFor()
          assert.strictEqual(await page.getByLabel("Signing secret (optional)").inputValue(), "Kept as it is")
          await page.getByLabel("Reference (optional)").fill("team a")
          await page.getByRole("button", { name: "Save" }).click()
          await page.getByText("team a").waitFor()

          await page.keyboard.press("g")
          await page.keyboard.press("c")
          await page.getByRole("link", { name: "Escalations" }).click()
          await page.getByRole("heading", { name: "No escalations yet" }).waitFor()
          await assertAccessible(page, "no escalations")
          await page.getByRole("link", { name: "New escalation" }).first().click()
          await page.getByLabel("Name").fill("Wake them")
          await page.getByRole("button", { name: "Add escalation" }).click()
          await page.getByText("Choose whom to tell.").waitFor()
          await assertAccessible(page, "an escalation with a mistake")
          const first = page.getByRole("group", { name: "Step 1" })
          await first.getByLabel("Email").check()
          await page.getByRole("button", { name: "Add a step" }).click()
          const second = page.getByRole("group", { name: "Step 2" })
          await second.getByLabel(/script/).check()
          await second.getByLabel("After (minutes)").press("Alt+ArrowUp")
          assert.isTrue(await first.getByLabel(/script/).isChecked())
          assert.isTrue(await second.getByLabel("Email").isChecked())
          await page.getByText("Moved to step 1 of 2").waitFor({ state: "attached" })
          await page.getByRole("button", { name: "Add escalation" }).click()
          await page.getByRole("listitem").filter({ hasText: "Wake them" }).getByText("30 min").waitFor()
          await assertAccessible(page, "escalations")
          await page.getByRole("link", { name: "Wake them" }).click()
          await page.getByText("None yet.").waitFor()
          await assertAccessible(page, "an escalation")

          await page.getByRole("link", { name: "Channels", exact: true }).first().click()
          const row = page.getByRole("listitem").filter({ hasText: "script" })
          await row.getByText("Sent").waitFor({ timeout: 30_000 })
          await assertAccessible(page, "channels")
          await page.setViewportSize({ width: 390, height: 844 })
          assert.isTrue(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways")
          await row.getByRole("link").click()
          await page.getByRole("heading", { name: "Incident opened" }).waitFor()
          assert.isTrue(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways")
          await page.getByRole("button", { name: "More", exact: true }).click()
          await page.getByRole("menuitem", { name: "Delete" }).click()
          await page.getByRole("dialog").waitFor()
          await assertAccessible(page, "deleting a channel")
          await page.getByRole("button", { name: "Delete channel" }).click()
          await page.getByRole("heading", { name: "Channels" }).waitFor()
          await row.waitFor({ state: "detached" })
          assert.strictEqual(loads, 1, "no page was loaded anew")
          assert.deepStrictEqual(problems, [])
        })
      }).pipe(Effect.scoped),
    180_000,
  )
})
