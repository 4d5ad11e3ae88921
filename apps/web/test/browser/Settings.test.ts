import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { assertAccessible } from "./Accessible.ts"
import { browser, dashboard, visitor } from "./Dashboard.ts"

describe("settings in a browser", () => {
  it.live(
    "change the name, the password and the theme, log out everywhere, and delete the account",
    () =>
      Effect.gen(function* () {
        const { url } = yield* dashboard
        const opened = yield* browser
        const [context, elsewhere] = [yield* visitor(opened), yield* visitor(opened)]
        yield* Effect.promise(async () => {
          const headers = { origin: url }
          const account = { email: "ada@example.com", password: "a long enough sentence" }
          await context.request.post(`${url}/api/auth/signup`, { headers, data: { ...account, name: "Ada" } })
          await elsewhere.request.post(`${url}/api/auth/login`, { headers, data: account })
          const isIn = async (there: typeof context) => (await there.request.get(`${url}/api/auth/me`)).ok()
          const page = await context.newPage()
          await page.goto(`${url}/settings`)
          await page.getByLabel("Name", { exact: true }).fill("Grace")
          await page.getByRole("button", { name: "Save the name" }).click()
          await page.getByText("You are Grace now.").waitFor()
          await page.getByRole("button", { name: "Account" }).getByText("Grace").waitFor()
          await assertAccessible(page, "settings")

          await page.getByRole("radio", { name: "Dark" }).check()
          assert.strictEqual(await page.evaluate("document.documentElement.dataset.theme"), "dark")
          await page.getByRole("radio", { name: "As the system" }).check()

          await page.getByLabel("Present password").fill("not this one")
          await page.getByLabel("New password").fill("quite another sentence")
          await page.getByRole("button", { name: "Change the password" }).click()
          await page.getByText("is not your password").waitFor()
          await page.getByLabel("Present password").fill(account.password)
          await page.getByLabel("New password").fill("quite another sentence")
          assert.isTrue(await isIn(elsewhere))
          await page.getByRole("button", { name: "Change the password" }).click()
          await page.getByText("Your password is changed.").waitFor()
          assert.isFalse(await isIn(elsewhere))
          assert.isTrue(await isIn(context))

          await page.getByRole("button", { name: "Log out everywhere" }).click()
          await assertAccessible(page, "logging out everywhere")
          await page.getByRole("dialog").getByRole("button", { name: "Log out everywhere" }).click()
          await page.getByRole("heading", { name: "Log in" }).waitFor()
          assert.isFalse(await isIn(context))

          await page.getByLabel("Email").fill(account.email)
          await page.getByLabel("Password").fill("quite another sentence")
          await page.getByRole("button", { name: "Log in" }).click()
          await page.getByRole("heading", { name: "What shall we watch?" }).waitFor()
          await page.goto(`${url}/settings`)
          await page.getByRole("button", { name: "Delete the account" }).click()
          const dialog = page.getByRole("dialog", { name: "Delete the account?" })
          await dialog.getByLabel("To be sure, type").fill("ada@example.com")
          assert.isFalse(await dialog.getByRole("button", { name: "Delete for good" }).isEnabled())
          await dialog.getByLabel("Password").fill("quite another sentence")
          await assertAccessible(page, "deleting the account")
          await dialog.getByRole("button", { name: "Delete for good" }).click()
          await page.getByRole("heading", { name: "Log in" }).waitFor()
          const again = await context.request.post(`${url}/api/auth/login`, {
            headers,
            data: { ...account, password: "quite another sentence" },
          })
          assert.strictEqual(again.status(), 401)
        })
      }).pipe(Effect.scoped),
    180_000,
  )
})
