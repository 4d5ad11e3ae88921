import { assert, describe, it } from "@effect/vitest"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { Effect, Runtime } from "effect"
import { assertAccessible } from "./Accessible.ts"
import { browser, dashboard, visitor } from "./Dashboard.ts"
import { post, signUp } from "./Visit.ts"

describe("the list in a browser", () => {
  it.live(
    "shows a site go down and come back by itself, is filtered, and takes back what was done to many",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser)
        const run = Runtime.runPromise(yield* Effect.runtime<never>())
        const add = (name: string, path: string) =>
          context.request.post(`${url}/api/monitor`, {
            headers: { origin: url },
            data: {
              url: `${farm.url}${path}`,
              name,
              intervalSeconds: 10,
              tags: ["shop"],
              group: "Europe",
              confirmation: { failures: 1, successes: 1, retrySeconds: 10 },
            },
          })
        yield* Effect.promise(async () => {
          await signUp(context, url)
          const added = await add('"><script>alert(1)</script>', "/a")
          assert.strictEqual(added.status(), 201, await added.text())
          await add("Checkout", "/b")
          const page = await context.newPage()
          let loads = 0
          page.on("load", () => loads++)
          await page.goto(url)
          await page.getByText("Live", { exact: true }).waitFor()
          await page.getByRole("heading", { name: "All 2 monitors are up" }).waitFor({ timeout: 20_000 })
          assert.isTrue(await page.getByRole("link", { name: '"><script>alert(1)</script>' }).isVisible())

          await run(farm.answer("/b", { _tag: "Status", status: 503 }))
          await page.getByRole("heading", { name: "1 of 2 monitors is down" }).waitFor({ timeout: 30_000 })
          await page.getByRole("button", { name: /Down 1/ }).click()
          await page.getByRole("link", { name: '"><script>alert(1)</script>' }).waitFor({ state: "detached" })
          assert.isTrue(await page.getByRole("link", { name: "Checkout" }).isVisible())
          await assertAccessible(page, "list with a monitor that is down")
          await page.getByRole("button", { name: /Down 1/ }).click()
          await run(farm.answer("/b", { _tag: "Status", status: 200 }))
          await page.getByRole("heading", { name: "All 2 monitors are up" }).waitFor({ timeout: 30_000 })

          await page.getByRole("checkbox", { name: "Select all that are shown" }).check()
          await page.getByText("2 monitors selected").waitFor()
          await assertAccessible(page, "list with a selection")
          await page.getByRole("button", { name: "Pause" }).click()
          await page.getByRole("heading", { name: "All monitors are paused" }).waitFor()
          await page.getByRole("button", { name: "Undo" }).click()
          await page.getByRole("heading", { name: "All 2 monitors are up" }).waitFor({ timeout: 20_000 })

          await page.getByRole("checkbox", { name: "Select Checkout" }).check()
          await page.getByRole("button", { name: "Delete" }).click()
          await page.getByRole("link", { name: "Checkout" }).waitFor({ state: "detached" })
          await page.getByRole("button", { name: "Undo" }).click()
          await page.getByRole("link", { name: "Checkout" }).waitFor()
          await page.getByRole("checkbox", { name: "Select Checkout" }).check()
          await page.getByRole("button", { name: "Delete" }).click()
          await page.getByText("Deleted 1 monitor").waitFor()
          await page.getByRole("button", { name: "Close" }).last().click()
          await page.getByRole("heading", { name: "Your monitor is up" }).waitFor()
          assert.strictEqual(loads, 1, "no page was loaded anew")
          const left = await context.request.get(`${url}/api/monitor`)
          assert.notInclude(await left.text(), "Checkout")
        })
      }).pipe(Effect.scoped),
    180_000,
  )

  it.live(
    "is used by keyboard alone",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser)
        yield* Effect.promise(async () => {
          await signUp(context, url)
          for (const name of ["Alpha", "Beta"]) {
            await context.request.post(`${url}/api/monitor`, {
              headers: { origin: url },
              data: { url: `${farm.url}/${name}`, name },
            })
          }
          const page = await context.newPage()
          await page.goto(url)
          await page.getByRole("heading", { name: "All 2 monitors are up" }).waitFor({ timeout: 20_000 })
          await page.keyboard.press("?")
          await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor()
          await assertAccessible(page, "shortcuts")
          await page.evaluate(closeAndPress)
          await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor({ state: "detached" })
          await page.keyboard.type("bet")
          await page.getByRole("link", { name: "Alpha" }).waitFor({ state: "detached" })
          await page.keyboard.press("Tab")
          await page.keyboard.press("j")
          await page.keyboard.press("x")
          await page.getByText("1 monitor selected").waitFor()
          await page.keyboard.press("Control+k")
          await page.getByRole("combobox", { name: "Find a monitor or a command" }).waitFor()
          await page.keyboard.type("alp")
          await page.getByRole("option", { name: /Alpha/ }).waitFor()
          await assertAccessible(page, "command palette")
          await page.keyboard.press("Enter")
          await page.getByRole("heading", { name: "Alpha" }).waitFor()
          await page.keyboard.press("g")
          await page.keyboard.press("m")
          await page.getByRole("heading", { name: "All 2 monitors are up" }).waitFor()
          await page.keyboard.press("n")
          await page.getByRole("heading", { name: "New monitor" }).waitFor()
          await assertAccessible(page, "new monitor")
          await page.keyboard.type(`${farm.url}/gamma`)
          await page.keyboard.press("Enter")
          await page.getByRole("heading", { name: "127.0.0.1" }).waitFor()
        })
      }).pipe(Effect.scoped),
    180_000,
  )

  it.live(
    "takes a key as soon as a list is there, and after a box was ticked",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser)
        yield* Effect.promise(async () => {
          await signUp(context, url)
          for (const name of ["Alpha", "Beta"]) {
            await post(context, url, "/api/monitor", {
              url: `${farm.url}/status/503/${name}`,
              name,
              confirmation: { failures: 1, successes: 1, retrySeconds: 10 },
            })
          }
          const page = await context.newPage()
          await page.addInitScript(pressAtOnce)
          await page.goto(url)
          await page.getByRole("heading", { name: "2 of 2 monitors are down" }).waitFor({ timeout: 30_000 })
          await page
            .getByRole("navigation")
            .getByRole("link", { name: /^Incidents/ })
            .click()
          await page.getByText("Nobody yet").first().waitFor()
          await page.getByRole("navigation").getByRole("link", { name: "Monitors" }).click()
          await page.getByRole("link", { name: "Alpha" }).waitFor()

          await page.evaluate("pressAtOnce('j', 'a[data-row]')")
          await page
            .getByRole("navigation")
            .getByRole("link", { name: /^Incidents/ })
            .click()
          // The first incident has the focus.
          await page.locator("a[data-row]:focus").waitFor()

          await page.evaluate("pressAtOnce('j', '.monitor-row')")
          await page.getByRole("navigation").getByRole("link", { name: "Monitors" }).click()
          await page.getByRole("link", { name: "Alpha" }).waitFor()
          await page.keyboard.press("x")
          await page.getByText("1 monitor selected").waitFor()
          assert.isTrue(await page.getByRole("checkbox", { name: "Select Alpha" }).isChecked())

          await page.getByRole("checkbox", { name: "Select Alpha" }).click()
          await page.getByText("1 monitor selected").waitFor({ state: "detached" })
          await page.keyboard.press("j")
          await page.keyboard.press("x")
          await page.getByText("1 monitor selected").waitFor()
          assert.isTrue(await page.getByRole("checkbox", { name: "Select Beta" }).isChecked())
        })
      }).pipe(Effect.scoped),
    180_000,
  )

  it.live(
    "shows the last checks of a row that somebody scrolls to, and asks for no more than were in sight",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser)
        yield* Effect.promise(async () => {
          await signUp(context, url)
          const operations = Array.from({ length: many }, (_, n) => ({
            action: "create",
            monitor: { url: `${farm.url}/${n}`, name: `Monitor ${n}`, intervalSeconds: 86_400 },
          }))
          const made = await context.request.post(`${url}/api/monitor/bulk`, {
            headers: { origin: url },
            data: { operations },
          })
          assert.strictEqual(made.status(), 200, await made.text())
          const page = await context.newPage()
          const asked = new Set<string>()
          page.on("request", (request) => {
            if (!request.url().includes("/api/monitor/recent")) return
            for (const id of new URL(request.url()).searchParams.getAll("ids")) asked.add(id)
          })
          await page.goto(url)
          await page.getByRole("heading", { name: `All ${many} monitors are up` }).waitFor({ timeout: 60_000 })
          const bar = (row: number) =>
            page.locator(`li[aria-posinset="${row}"]`).getByRole("img", { name: /^Last \d+ checks/ })
          await bar(1).waitFor()
          const atFirst = asked.size

          await page.evaluate("scrollTo(0, document.body.scrollHeight)")
          await bar(many).waitFor()
          assert.isAbove(asked.size, atFirst)
          assert.isBelow(asked.size, many / 2)
          await page.evaluate("scrollTo(0, 0)")
          await bar(1).waitFor()
        })
      }).pipe(Effect.scoped),
    180_000,
  )
})

/** More monitors than a screen shows, by far. */
const many = 300

/** Presses a key, in the page, at the very instant at which something is there that was not: nobody can be earlier. */
const pressAtOnce = `
  window.pressAtOnce = (key, what) => {
    const observer = new MutationObserver(() => {
      if (document.querySelector(what) === null) return
      observer.disconnect()
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }))
    })
    observer.observe(document, { childList: true, subtree: true })
  }
`

/** The page is told of a closed dialog a task later; a key that is pressed in between is the page's. */
const closeAndPress = `
  document.querySelector("dialog").close()
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true }))
`
