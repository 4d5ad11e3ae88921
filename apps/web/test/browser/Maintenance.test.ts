import { assert, describe, it } from "@effect/vitest"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { Effect } from "effect"
import { assertAccessible } from "./Accessible.ts"
import { browser, dashboard, visitor } from "./Dashboard.ts"
import { post, signUp } from "./Visit.ts"

describe("maintenance in a browser", () => {
  it.live(
    "is planned by a rule that shows its windows while it is typed, seen in a calendar, started, ended and deleted",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser)
        yield* Effect.promise(async () => {
          await signUp(context, url)
          await post(context, url, "/api/monitor", {
            url: `${farm.url}/a`,
            name: "Shop",
            tags: ["shop"],
            group: "Europe",
          })
          const page = await context.newPage()
          await page.goto(`${url}/maintenance`)
          await page.getByRole("heading", { name: "Nothing is planned" }).waitFor()
          await assertAccessible(page, "no maintenance")

          await page.getByRole("link", { name: "Plan maintenance" }).click()
          await page.getByRole("button", { name: "Plan it" }).click()
          await page.getByText("Give it a title.").waitFor()
          await page.getByText("Choose a monitor, a tag or a group.").waitFor()
          await assertAccessible(page, "a form that is not filled in")
          await page.getByRole("textbox", { name: "Title" }).fill('"><script>alert(1)</script>')
          await page.getByRole("radio", { name: /Again and again/ }).check()
          const preview = page.getByRole("region", { name: "Next windows" })
          await page.getByRole("button", { name: "Sun", exact: true }).click()
          await page.getByRole("button", { name: "Write the rule by hand" }).click()
          assert.strictEqual(await page.getByRole("textbox", { name: "Rule" }).inputValue(), "FREQ=WEEKLY;BYDAY=SU")
          await page.getByRole("textbox", { name: "Rule" }).fill("FREQ=SECONDLY")
          await page.getByText("A maintenance comes at most hourly.").waitFor()
          await page.getByRole("textbox", { name: "Rule" }).fill("FREQ=DAILY;COUNT=3")
          await page.waitForFunction("document.querySelectorAll('.preview li').length === 3")
          await page.getByRole("button", { name: "Choose instead" }).click()
          assert.strictEqual(await page.getByLabel("How many times").inputValue(), "3")
          await page.getByRole("combobox", { name: "Unit" }).selectOption("WEEKLY")
          await page.getByLabel("First time").fill("2031-03-02T22:00")
          await page.getByLabel("Time zone").fill("Asia/Tokyo")
          await preview.getByText(/it is planned in Asia\/Tokyo/).waitFor()
          await page.getByRole("button", { name: "shop" }).click()
          await page.getByText("1 monitor at the moment").waitFor()
          await assertAccessible(page, "a rule being chosen")
          await page.getByRole("button", { name: "Plan it" }).click()

          await page.getByRole("heading", { name: "To come" }).waitFor()
          await page.getByText("Every week, 3 times at 22:00 for 1 h, Asia/Tokyo").waitFor()
          await page.goto(`${url}/maintenance?month=2031-03`)
          await page.getByRole("heading", { name: "March 2031" }).waitFor()
          assert.strictEqual(await page.locator(".month .bar").count(), 3)
          await page.getByRole("gridcell", { name: /1 March 2031|March 1, 2031/ }).focus()
          await page.keyboard.press("ArrowRight")
          await page.keyboard.press("Enter")
          await page.getByRole("heading", { name: /Sunday.*March 2/ }).waitFor()
          await assertAccessible(page, "a calendar with a day chosen")
          await page.getByRole("button", { name: "Close the day" }).click()
          await page.keyboard.press("PageDown")
          await page.getByRole("heading", { name: "April 2031" }).waitFor()

          await page.getByRole("link", { name: "Start one now" }).click()
          await page.getByRole("textbox", { name: "Title" }).fill("Moving house")
          await page.getByRole("checkbox", { name: /^Shop/ }).check()
          await preview.getByText("open now").waitFor()
          await page.getByRole("button", { name: "Save" }).click()
          const open = page.getByRole("region", { name: "Open now" })
          await open.getByRole("link", { name: "Moving house" }).waitFor()
          await open.getByRole("button", { name: "End now" }).click()
          await page.getByRole("region", { name: "Past" }).getByRole("link", { name: "Moving house" }).click()
          await page.getByRole("button", { name: "Delete …" }).click()
          await assertAccessible(page, "the dialog that deletes")
          await page.getByRole("button", { name: "Delete", exact: true }).click()
          await page.getByText("Deleted “Moving house”").waitFor()
          await page.getByRole("link", { name: "Moving house" }).waitFor({ state: "detached" })
        })
      }).pipe(Effect.scoped),
    180_000,
  )
})
