import { assert, describe, expect, it } from "@effect/vitest"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { Effect } from "effect"
import { assertAccessible } from "./Accessible.ts"
import { browser, dashboard, visitor } from "./Dashboard.ts"
import { problemsOf, signUp } from "./Visit.ts"

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
)

describe("status pages in a browser", () => {
  it.live(
    "are made, put in order by keys and by dragging, styled, guarded, embedded and deleted",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser)
        yield* Effect.promise(async () => {
          const headers = { origin: url }
          await signUp(context, url)
          for (const name of ["Alpha", "Beta", '"><script>alert(1)</script>']) {
            await context.request.post(`${url}/api/monitor`, { headers, data: { url: `${farm.url}/a`, name } })
          }
          const page = await context.newPage()
          const problems = problemsOf(page)
          const publicPage = async () => (await context.request.get(`${url}/status/acme-shop`)).text()
          const save = async () => {
            await page.getByRole("button", { name: "Save", exact: true }).click()
            await page.getByRole("button", { name: "Save", exact: true }).waitFor({ state: "detached" })
          }

          await page.goto(`${url}/status-pages`)
          await page.getByRole("heading", { name: "No status page yet" }).waitFor()
          await assertAccessible(page, "no status page")
          await page.getByRole("link", { name: "New status page" }).click()
          await page.getByLabel("Title").fill("Acme Shop")
          assert.strictEqual(await page.getByLabel("Address").inputValue(), "acme-shop")
          await assertAccessible(page, "new status page")
          await page.getByRole("button", { name: "Make the page" }).click()
          await page.getByRole("heading", { name: "Acme Shop" }).waitFor()
          assert.include(await publicPage(), "Alpha")

          await page.getByRole("button", { name: /^Move Beta/ }).focus()
          await page.keyboard.press("ArrowUp")
          await page.getByText("Beta is number 2 of 3").waitFor({ state: "attached" })
          await page.keyboard.press("ArrowUp")
          await page.getByText("Beta is number 1 of 3").waitFor({ state: "attached" })
          await page.getByLabel("Public name of Alpha").fill("Checkout")
          await assertAccessible(page, "content of a status page")
          await save()
          // A page is shown from a cache for a moment.
          const inOrder = async () =>
            (await publicPage())
              .match(/Beta|Checkout/g)
              ?.slice(0, 2)
              .join()
          await expect.poll(inOrder, { timeout: 10_000 }).toBe("Beta,Checkout")
          const first = await publicPage()
          assert.notInclude(first, "Alpha")
          assert.notInclude(first, "<script>alert")
          assert.notMatch(first, /India(, USA)?: /)
          assert.isFalse(await page.getByLabel("Show the status of each region").isChecked())
          await page.getByLabel("Show the status of each region").check()
          await save()
          await expect.poll(publicPage, { timeout: 20_000 }).toMatch(/India, USA: Operational/)

          const handle = await page.getByRole("button", { name: /^Move Beta/ }).boundingBox()
          const last = await page.getByRole("button", { name: /^Move Alpha/ }).boundingBox()
          assert.isNotNull(handle)
          assert.isNotNull(last)
          await page.mouse.move((handle?.x ?? 0) + 8, (handle?.y ?? 0) + 8)
          await page.mouse.down()
          await page.mouse.move((last?.x ?? 0) + 8, (last?.y ?? 0) + (last?.height ?? 0), { steps: 12 })
          await page.mouse.up()
          await save()
          await expect.poll(inOrder, { timeout: 10_000 }).toBe("Checkout,Beta")

          await page.getByRole("tab", { name: "Look" }).click()
          await page.getByLabel("Logo file").setInputFiles({ name: "a.svg", mimeType: "image/svg+xml", buffer: png })
          await page.getByText("Choose a PNG, JPEG or WebP image.").waitFor()
          await page.getByLabel("Logo file").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png })
          await page.getByRole("img", { name: "The present logo" }).waitFor()
          await page.getByLabel("Accent colour", { exact: true }).fill("#ffdd00")
          await page.getByText(/On the light page this colour has a contrast of 1\.\d to 1/).waitFor()
          await page.getByLabel("Custom CSS").fill("@import url(https://example.com/a.css);")
          await assertAccessible(page, "look of a status page")
          await page.getByRole("tab", { name: "Access" }).click()
          await page.getByRole("button", { name: "Save", exact: true }).click()
          await page.getByRole("button", { name: "Show what is wrong" }).click()
          await page.getByText("a style sheet must not use @import").first().waitFor()
          await page.getByLabel("Custom CSS").fill("h1 { letter-spacing: 0 }")
          await save()

          await page.getByRole("tab", { name: "Access" }).click()
          await page.getByRole("radio", { name: "Who knows a password" }).check()
          await page.getByLabel("Password of the page").fill("open sesame")
          await assertAccessible(page, "access of a status page")
          await save()
          assert.strictEqual((await context.request.get(`${url}/status/acme-shop`)).status(), 401)
          await page.getByRole("radio", { name: "Everybody" }).check()
          await page.getByRole("link", { name: "Status pages" }).last().click()
          await page.getByRole("dialog", { name: "Leave without saving?" }).waitFor()
          await page.getByRole("button", { name: "Stay" }).click()
          await save()

          await page.getByRole("tab", { name: "Address" }).click()
          await page.getByRole("textbox", { name: "Host name" }).fill("status.example.com")
          // Not saved: it would be looked up.
          await page.getByText("Save first: the record that its DNS has to hold is told then.").waitFor()
          await assertAccessible(page, "address of a status page")
          await page.getByRole("button", { name: "Discard" }).click()
          await page.getByRole("tab", { name: "Subscribers" }).click()
          await page.getByRole("heading", { name: "Nobody has subscribed yet" }).waitFor()
          const subscriber = {
            id: "0b7d2a3e-6c1f-4e57-9a53-0c1d2e3f4a5b",
            kind: "email",
            address: "grace@example.com",
            confirmedAt: "2026-11-01T00:00:00.000Z",
            goneAt: null,
            createdAt: "2026-11-01T00:00:00.000Z",
          }
          const gone = {
            ...subscriber,
            id: "1b7d2a3e-6c1f-4e57-9a53-0c1d2e3f4a5b",
            kind: "webhook",
            address: "https://hooks.example.com/in",
            goneAt: "2026-11-02T00:00:00.000Z",
          }
          await page.route("**/subscribers?*", (route) =>
            route.fulfill({ json: { items: [subscriber, gone], nextCursor: null } }),
          )
          await page.reload()
          const removed = page.waitForRequest((request) => request.method() === "DELETE")
          await page.getByRole("button", { name: "Remove grace@example.com" }).click()
          await page.getByRole("button", { name: "Undo" }).click()
          await page.getByText("2 addresses, 1 confirmed").waitFor()
          await page.getByText(/^Webhook, ended .* it answered 410 Gone$/).waitFor()
          await assertAccessible(page, "subscribers of a status page")
          await page.getByRole("button", { name: "Remove grace@example.com" }).click()
          await page.getByRole("button", { name: "Close" }).last().click()
          assert.include((await removed).url(), `/subscribers/${subscriber.id}`)
          await page.getByRole("tab", { name: "Badges and widget" }).click()
          const badge = page.getByRole("img", { name: /^The badge: Status of/ })
          await badge.waitFor()
          await page.evaluate("document.querySelector('.badge-preview img').decode()")
          assert.include((await page.getByRole("main").textContent()) ?? "", `${url}/status/acme-shop/badges/`)
          await assertAccessible(page, "badges of a status page")

          await page.getByRole("link", { name: "Status pages" }).last().click()
          await page.getByRole("link", { name: "Acme Shop", exact: true }).waitFor()
          await assertAccessible(page, "status pages")
          await page.getByRole("link", { name: "Acme Shop", exact: true }).click()
          await page.getByRole("button", { name: "More" }).click()
          await page.getByRole("menuitem", { name: "Delete the page" }).click()
          await assertAccessible(page, "deleting a status page")
          await page.getByRole("button", { name: "Delete", exact: true }).click()
          await page.getByRole("heading", { name: "No status page yet" }).waitFor()
          assert.strictEqual((await context.request.get(`${url}/status/acme-shop`)).status(), 404)
          assert.deepStrictEqual(problems, [])
        })
      }).pipe(Effect.scoped),
    180_000,
  )
})
