import type { Page } from "playwright-core"

/** How long an input took, in milliseconds: to the next frame, and to the last frame that changed what is shown. */
export interface Latency {
  readonly frame: number
  readonly shown: number
}

/** By what was done. */
export type Latencies = Readonly<Record<string, ReadonlyArray<Latency>>>

/** Uses the list as people do, and measures every key and click of it. */
export const interact = async (page: Page): Promise<Latencies> => {
  const latencies: Record<string, Array<Latency>> = {}
  const one = async (name: string, input: () => Promise<void>) => {
    await page.evaluate("probe.arm()")
    await input()
    const latency = await page.evaluate<Latency>("probe.latency()")
    latencies[name] = [...(latencies[name] ?? []), latency]
  }
  const press = (name: string, key: string) => one(name, () => page.keyboard.press(key))
  const click = (name: string, what: ReturnType<Page["locator"]>) => one(name, () => what.click())
  const button = (name: RegExp) => page.getByRole("button", { name })
  const item = (name: string | RegExp) => page.getByRole("menuitemcheckbox", { name })

  await page.getByRole("searchbox", { name: "Search monitors" }).focus()
  for (const key of "checkout 12") await press("typing in the search", key === " " ? "Space" : key)
  for (let left = "checkout 12".length; left > 0; left--) await press("typing in the search", "Backspace")

  for (const status of [/^Down/, /^Down/, /^Up/, /^Up/]) await click("filtering by status", button(status))

  await click("opening a menu", button(/^Filter by tag/))
  for (const tag of ["critical", "shop", "critical", "shop"]) {
    await click("filtering by tag", item(new RegExp(`\\b${tag}\\b`)))
  }
  await press("closing a menu", "Escape")

  await click("opening a menu", button(/^Sort and group/))
  for (const order of ["Name", "Newest first", "Slowest first", "Least uptime first", "Worst first"]) {
    await click("sorting", item(new RegExp(order)))
  }
  for (let times = 2; times > 0; times--) await click("grouping", item(/Show groups/))
  await press("closing a menu", "Escape")

  const boxes = page.getByRole("checkbox", { name: /^Select / })
  for (const at of [1, 2, 3]) await click("selecting one", boxes.nth(at))
  for (let times = 2; times > 0; times--) {
    await click("selecting all", page.getByRole("checkbox", { name: "Select all that are shown" }))
  }

  await page.evaluate("document.activeElement.blur()")
  for (const key of "jjjjjkkk") await press("moving by keys", key)

  await press("opening the palette", "Control+k")
  for (const key of "login 9") await press("typing in the palette", key === " " ? "Space" : key)
  await press("closing the palette", "Escape")
  return latencies
}
