import { assert, describe, it } from "@effect/vitest"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { Effect } from "effect"
import { assertAccessible } from "./Accessible.ts"
import { browser, dashboard, visitor } from "./Dashboard.ts"
import { post, signUp } from "./Visit.ts"

describe("incidents in a browser", () => {
  it.live(
    "open by themselves, are acknowledged and commented on by keyboard, published, resolved and written up",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser)
        yield* Effect.promise(async () => {
          await signUp(context, url)
          await post(context, url, "/api/channels", {
            name: "The team",
            config: { kind: "webhook", url: `${farm.url}/hook` },
          })
          const page = await context.newPage()
          let loads = 0
          page.on("load", () => loads++)
          await page.goto(`${url}/incidents`)
          await page.getByRole("heading", { name: "No open incidents" }).waitFor()
          await page.getByText("Live", { exact: true }).waitFor()
          await assertAccessible(page, "no incidents")

          await post(context, url, "/api/monitor", {
            url: `${farm.url}/status/503/shop`,
            name: "Checkout",
            intervalSeconds: 10,
            confirmation: { failures: 1, successes: 1, retrySeconds: 10 },
          })
          await page.getByRole("heading", { name: "1 open incident" }).waitFor({ timeout: 20_000 })
          await page.getByRole("link", { name: /^Incidents ?1 open$/ }).waitFor()
          await page.getByText("Nobody yet").waitFor()
          await assertAccessible(page, "an open incident in the list")
          await page.keyboard.press("j")
          await page.keyboard.press("Enter")
          await page.getByRole("heading", { name: "Checkout is down" }).waitFor()
          await page.getByText("1 channel told that it began").click({ timeout: 20_000 })
          await page.getByText("Delivered", { exact: true }).waitFor({ timeout: 20_000 })
          await page.getByText("The team").waitFor()
          await page.getByText("503", { exact: true }).waitFor()

          await page.keyboard.press("a")
          await page.getByRole("heading", { name: "Acknowledged by Ada" }).waitFor()
          await page.keyboard.press("c")
          await page.keyboard.type("It is the card processor.")
          await page.keyboard.press("Control+Enter")
          await page.getByRole("heading", { name: "Comment by Ada" }).waitFor()
          await page.getByLabel("Public update").check()
          await page.getByLabel("Update for everybody").fill('"><script>alert(1)</script>')
          await assertAccessible(page, "an incident with an update being written")
          await page.getByRole("button", { name: "Publish" }).click()
          await page.getByRole("heading", { name: "Update by Ada" }).waitFor()
          assert.isTrue(await page.getByText('"><script>alert(1)</script>').isVisible())

          await page.getByRole("button", { name: "Edit the title" }).click()
          await page.getByLabel("Title").fill("Cards are refused")
          await page.keyboard.press("Enter")
          await page.getByRole("heading", { name: "Cards are refused" }).waitFor()
          await page.getByRole("button", { name: "Show on status pages" }).click()
          await page.getByRole("button", { name: "Take from status pages" }).waitFor()

          await page.getByRole("button", { name: "Resolve …" }).click()
          await page.getByLabel("What solved it").fill("They are back.")
          await assertAccessible(page, "the dialog that resolves")
          await page.getByRole("button", { name: "Resolve", exact: true }).click()
          await page.getByRole("heading", { name: "Resolved by Ada" }).waitFor()
          await page.getByRole("button", { name: "Write the post-mortem" }).click()
          await page.getByLabel("What was learnt").fill("Have a second processor.")
          await page.getByRole("button", { name: "Save" }).click()
          await page.getByRole("heading", { name: "Post-mortem by Ada" }).waitFor()
          await assertAccessible(page, "an incident that is over")

          await page.getByRole("link", { name: "Incidents", exact: true }).first().click()
          await page.getByRole("heading", { name: "No open incidents" }).waitFor()
          await page.keyboard.press("/")
          await page.keyboard.type("nothing of it")
          await page.getByText("No resolved incident matches.").waitFor()
          await page.getByLabel("Search incidents").fill("CHECKOUT")
          await page.getByRole("link", { name: "Cards are refused" }).waitFor()
          await page.getByRole("button", { name: "Open", exact: true }).click()
          await page.getByRole("link", { name: "Cards are refused" }).waitFor({ state: "detached" })
          assert.strictEqual(loads, 1, "no page was loaded anew")
        })
      }).pipe(Effect.scoped),
    180_000,
  )
})
