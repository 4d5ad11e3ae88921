import { assert, describe, expect, it } from "@effect/vitest"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { Effect } from "effect"
import { assertAccessible } from "./Accessible.ts"
import { browser, dashboard, visitor } from "./Dashboard.ts"
import { signUp } from "./Visit.ts"

describe("tags in a browser", () => {
  it.live(
    "lead to their monitors, are merged and removed on all of them, and that is taken back",
    () =>
      Effect.gen(function* () {
        const farm = yield* targetFarm
        const { url } = yield* dashboard
        const context = yield* visitor(yield* browser)
        yield* Effect.promise(async () => {
          const headers = { origin: url }
          await signUp(context, url)
          const page = await context.newPage()
          await page.goto(`${url}/tags`)
          await page.getByRole("heading", { name: "No tag yet" }).waitFor()
          await assertAccessible(page, "no tags")
          for (const [name, tags, group] of [
            ["Alpha", ["shop"], "Europe"],
            ["Beta", ["shop", "store"], "Asia"],
          ] as const) {
            await context.request.post(`${url}/api/monitor`, {
              headers,
              data: { url: `${farm.url}/${name}`, name, tags, group },
            })
          }
          const tagsOf = async () => {
            const { items } = await (await context.request.get(`${url}/api/monitor`)).json()
            return items
              .map(({ name, tags }: { readonly name: string; readonly tags: ReadonlyArray<string> }) => [name, tags])
              .toSorted()
          }
          const { id: moveId } = await (
            await context.request.post(`${url}/api/maintenances`, {
              headers,
              data: {
                title: "Move of the shop",
                plan: { kind: "manual", from: "2036-01-01T00:00:00Z", endedAt: null },
                tags: ["shop"],
              },
            })
          ).json()
          const tagsOfMove = async () =>
            (await (await context.request.get(`${url}/api/maintenances/${moveId}`)).json()).tags
          const change = async (name: string, item: string) => {
            await page.getByRole("button", { name: `Change ${name}` }).click()
            await page.getByRole("menuitem", { name: item }).click()
          }

          // The page is told of the new monitors.
          const shop = page.getByRole("row", { name: /^shop/ })
          await shop.waitFor()
          await page.getByRole("link", { name: "Monitors", exact: true }).click()
          await page.getByRole("heading", { name: "All 2 monitors are up" }).waitFor({ timeout: 20_000 })
          await page.getByRole("link", { name: "Tags", exact: true }).click()
          await shop.getByRole("cell", { name: "100 %" }).waitFor()
          await assertAccessible(page, "tags")
          await change("shop", "Rename")
          await page.getByLabel("New name of the tag").fill("store")
          await page.getByText("There is “store” already: both become one.").waitFor()
          await page.getByText("Renames it on 2 monitors and in 1 maintenance: “Move of the shop”.").waitFor()
          await assertAccessible(page, "renaming a tag")
          await page.getByRole("button", { name: "Merge" }).click()
          await page.getByText("Renamed “shop” to “store” on 2 monitors and in 1 maintenance").waitFor()
          assert.deepStrictEqual(await tagsOfMove(), ["store"])
          assert.deepStrictEqual(await tagsOf(), [
            ["Alpha", ["store"]],
            ["Beta", ["store"]],
          ])
          await page.getByRole("button", { name: "Undo" }).click()
          await shop.waitFor()
          await page.getByRole("status").filter({ hasText: "Taking it back" }).waitFor({ state: "detached" })
          assert.deepStrictEqual(await tagsOf(), [
            ["Alpha", ["shop"]],
            ["Beta", ["shop", "store"]],
          ])
          await expect.poll(tagsOfMove).toEqual(["shop"])
          await change("shop", "Remove from all monitors")
          await page.getByText("Still named by 1 maintenance: “Move of the shop”.").waitFor()
          await page.getByRole("button", { name: "Cancel" }).click()
          await change("store", "Remove from all monitors")
          await page.getByRole("button", { name: "Remove", exact: true }).click()
          await page.getByText("Removed “store” from 1 monitor").waitFor()
          assert.deepStrictEqual(await tagsOf(), [
            ["Alpha", ["shop"]],
            ["Beta", ["shop"]],
          ])

          await page.getByRole("tab", { name: "Groups" }).click()
          await page.getByRole("link", { name: "Europe" }).click()
          await page.getByRole("link", { name: "Alpha" }).waitFor()
          assert.strictEqual(await page.getByRole("link", { name: "Beta" }).count(), 0)
        })
      }).pipe(Effect.scoped),
    180_000,
  )
})
